import Cassettes
import Formats
import HTTP
import Testing

@Suite("Cassettes of VCR.py")
struct VCRPyTests {
  /// A cassette of one interaction, whose request is a GET without a body.
  private static func cassette(response: String) -> String {
    let indented = response.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    return """
      interactions:
      - request:
          body: null
          headers: {}
          method: GET
          uri: http://a.test/x
        response:
      \(indented)
      version: 1

      """
  }

  private static func one(_ response: String) throws -> Capture {
    let found = try captures("vcrpy", cassette(response: response))
    return try #require(found.first)
  }

  @Test(
    "Bodies in all their shapes",
    arguments: [
      ("body:\n  string: hello", "hello"),
      ("body:\n  string: !!binary |\n    aGVs\n    bG8=", "hello"),
      ("body:\n  string: !!python/unicode 'hello'", "hello"),
      ("body:\n  base64_string: aGVsbG8", "hello"),
      ("body: hello", "hello"), ("body: null", ""), ("body:\n  string: null", ""), ("body: {}", ""),
      ("content: hello", "hello"), ("body:\n  string: '123'", "123"),
      ("body:\n  string: |-\n    a\n\n    b", "a\n\nb"),
      (
        "body:\n  string: !!python/object/new:_io.BytesIO\n    state: [!!binary aGVsbG8=, 0, null]",
        "hello"
      ),
    ])
  func bodies(response: String, body: String) throws {
    let capture = try Self.one("\(response)\nheaders: {}\nstatus: {code: 200, message: OK}")
    #expect(capture.text == body)
    #expect(capture.losses.isEmpty)
  }

  @Test("A gzip stream that was written as a text is bytes again")
  func gzipAsText() throws {
    let capture = try Self.one(#"body: {string: "\x1F\x8B\b\xFF\0"}"# + "\nstatus: {code: 200}")
    #expect(capture.body == [0x1F, 0x8B, 0x08, 0xFF, 0x00])
  }

  @Test("A stream in gzip is decoded, with the field and without it", arguments: [true, false])
  func gzip(isNamed: Bool) throws {
    let coded = "H4sIAAAAAAACA0tJLEm0UjDk4gIAzs14VAkAAAA="
    let fields = isNamed ? "{content-encoding: [gzip]}" : "{}"
    let capture = try Self.one(
      "body: {string: !!binary \(coded)}\nheaders: \(fields)\nstatus: {code: 200}")
    let exchange = try CaptureFinisher().exchange(of: capture, format: "vcrpy").exchange
    #expect(exchange.body == Array("data: 1\n\n".utf8))
    #expect(exchange.head?.decoded == "gzip")
  }

  @Test(
    "Statuses in all their shapes",
    arguments: [
      "status: {code: 201, message: Created}", "status: {code: '201'}", "status: 201",
      "status: 201 Created", "status_code: 201",
    ])
  func statuses(status: String) throws {
    #expect(try Self.one("body: {string: a}\n\(status)").status == 201)
  }

  @Test(
    "A status that is none is refused",
    arguments: [
      "status: {code: 99}", "status: {code: abc}", "status: [1]", "status: {}", "status: null",
      "status: {code: 99999999999999999999}",
    ])
  func badStatuses(status: String) throws {
    let error = failure("vcrpy", Self.cassette(response: "body: {string: a}\n\(status)"))
    #expect(error?.reason.hasPrefix("expected a status from 200 to 999, found") == true)
    #expect(error.map { $0.line > 0 } == true)
  }

  @Test(
    "Header fields in all their shapes",
    arguments: [
      "headers: {a: [x, y], B: z}",
      "headers: [[a, x], [a, y], [B, z]]",
      "headers: [\"a: x\\r\\n\", \"a: y\\r\\n\", \"B: z\\r\\n\"]",
      "headers: !!python/object/apply:__builtin__.frozenset\n- - !!python/tuple [a, x]\n"
        + "  - !!python/tuple [a, y]\n  - !!python/tuple [B, z]",
      "headers:\n  ? !!python/object/apply:multidict._multidict.istr\n  - a\n  : - x\n    - y\n"
        + "  ? !!python/object/new:multidict._multidict.istr\n    args:\n    - B\n  : - z",
      "headers: [{name: a, value: x}, {name: a, value: y}, {B: z}]",
    ])
  func headers(headers: String) throws {
    let capture = try Self.one("\(headers)\nbody: {string: a}\nstatus: {code: 200}")
    #expect(
      capture.headers
        == [HeaderField("a", "x"), HeaderField("a", "y"), HeaderField("B", "z")])
  }

  @Test("What cannot go over the wire is put right or told of")
  func badHeaders() throws {
    let capture = try Self.one(
      "headers: {a: \"x\\r\\n y\", ':status': ['200'], n: 7, e: null}\nbody: a\nstatus: 200")
    #expect(capture.headers == [HeaderField("a", "x   y"), HeaderField("n", "7")])
    #expect(capture.losses.count == 1)
  }

  @Test("A body that was parsed is JSON written anew, as Python writes it")
  func parsedBody() throws {
    let capture = try Self.one(
      """
      headers: {content-type: [application/json]}
      parsed_body:
        a: [1, 0.5, 1.0e-05, true, null, 'true', 2026-01-01]
        b: {c: "é\\n😀", '5': x}
      status: {code: 200}
      """)
    #expect(
      capture.text
        == #"{"a": [1, 0.5, 1e-05, true, null, "true", "2026-01-01"], "#
        + #""b": {"c": "\u00e9\n\ud83d\ude00", "5": "x"}}"#)
    #expect(capture.losses.count == 1 && capture.losses[0].contains("written anew"))
  }

  @Test("A stream that stands in `parsed_body` stays as it is")
  func parsedStream() throws {
    let capture = try Self.one(
      "headers: {content-type: [text/event-stream]}\nparsed_body: |+\n  data: 1\n\nstatus: 200")
    #expect(capture.text == "data: 1\n\n")
    #expect(capture.losses.isEmpty)
  }

  @Test("Before the format had a version, the list was the document and the URL in parts")
  func oldFormat() throws {
    let found = try captures(
      "vcrpy",
      """
      - request: !!python/object:vcr.request.Request
          body: null
          headers: !!python/object/apply:__builtin__.frozenset
          - - !!python/tuple [accept, '*/*']
          host: a.test
          method: GET
          path: /ip
          port: 8080
          protocol: http
        response:
          body: {string: !!python/unicode "hi"}
          headers: [!!python/unicode "content-type: text/plain\\r\\n"]
          status: {code: 200, message: OK}

      """)
    #expect(found.map(\.asked) == ["GET http://a.test:8080/ip"])
    #expect(found[0].headers == [HeaderField("content-type", "text/plain")])
    #expect(found[0].request.headers == [HeaderField("accept", "*/*")])
  }

  @Test("The URL may stand in the response, as aiohttp's stub has it")
  func aiohttp() throws {
    let found = try captures(
      "vcrpy",
      #"{"interactions": [{"request": {"method": "GET", "headers": {}, "body": null},"#
        + #""response": {"url": "http://a.test/", "status": {"code": 200}, "body": "a"}}]}"#)
    #expect(found.map(\.asked) == ["GET http://a.test/"])
  }

  @Test("One interaction may be a whole file")
  func single() throws {
    let text =
      #"{"request": {"method": "POST", "url": "http://a.test/", "headers": {"a": "b"}, "#
      + #""body": "{}"}, "response": {"status": {"code": 200}, "headers": {"c": "d"}, "#
      + #""body": "data: 1\n\n"}}"#
    #expect(try captures("vcrpy", text).map(\.text) == ["data: 1\n\n"])
    let opening = Opening(bytes: Array(text.utf8), fileName: "x.json")
    #expect(ImportFormats.detect(opening)?.name == "vcrpy")
  }

  @Test("Requests and responses may have a list each, as LangChain's serializer writes them")
  func halves() throws {
    let text = """
      requests:
      - body: a
        headers: {}
        method: POST
        uri: http://a.test/1
      - body: b
        headers: {}
        method: POST
        uri: http://a.test/2
      responses:
      - body: {string: x}
        headers: {}
        status: {code: 200, message: OK}
      - body: {string: y}
        headers: {}
        status: {code: 201, message: OK}

      """
    let found = try captures("vcrpy", text)
    #expect(found.map(\.asked) == ["POST http://a.test/1", "POST http://a.test/2"])
    #expect(found.map(\.text) == ["x", "y"])
    let opening = Opening(bytes: Array(text.utf8), fileName: "x.yaml")
    #expect(ImportFormats.detect(opening)?.name == "vcrpy")
    let short = try #require(failure("vcrpy", text.replacing("status: {code: 201", with: "x: {a")))
    #expect(short.reason == "expected a status from 200 to 999, found nothing")
    let missing = text.prefix(
      upTo: try #require(text.firstRange(of: "- body: {string: y}")).lowerBound)
    #expect(
      failure("vcrpy", String(missing))?.reason
        == "expected a response for each request, found 2 requests and 1 responses")
  }

  @Test("An error names the line and what stands there")
  func errors() throws {
    let text = CassetteSamples.vcrpy.replacing("code: 404", with: "code: four")
    let error = try #require(failure("vcrpy", text))
    #expect(error.line == 41)
    #expect(error.reason == "expected a status from 200 to 999, found 'four'")
  }

  @Test("JSON that begins with its interactions is no file of VCR.py's own")
  func sortedKeys() {
    func detected(_ text: String) -> String? {
      ImportFormats.detect(Opening(bytes: Array(text.utf8), fileName: "x.json"))?.name
    }
    let list = #""interactions": [{"request": {"body": "", "headers": {}, "uri": "http://a/"}}]"#
    #expect(detected("{\(list)") == "betamax")
    #expect(detected(#"{"version": 1, \#(list)"#) == "vcrpy")
  }

  @Test("Bytes in UTF-16 are told like others")
  func wideCharacters() {
    let text = "interactions:\n- request:\n    uri: http://a/\n"
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    for bytes in [[0xFE, 0xFF] + big, [0xFF, 0xFE] + little] {
      #expect(ImportFormats.detect(Opening(bytes: bytes, fileName: "x"))?.name == "vcrpy")
    }
  }
}
