import Cassettes
import Documents
import Formats
import HTTP
import Testing

/// A value of a flow file.
private indirect enum Value {
  case bytes(String)
  case text(String)
  case raw(String, Character)
  case null
  case list([Value])
  case mapping([(String, Value)])

  var written: String {
    switch self {
    case .bytes(let text): Self.frame(text, ",")
    case .text(let text): Self.frame(text, ";")
    case .raw(let text, let type): Self.frame(text, type)
    case .null: "0:~"
    case .list(let items): Self.frame(items.map(\.written).joined(), "]")
    case .mapping(let members):
      Self.frame(members.map { Self.frame($0.0, ";") + $0.1.written }.joined(), "}")
    }
  }

  private static func frame(_ text: String, _ type: Character) -> String {
    "\(text.utf8.count):\(text)\(type)"
  }
}

@Suite("Flow files of mitmproxy")
struct MitmproxyFormatTests {
  private static func flow(
    type: String = "http", content: Value = .bytes("data: ä\n\n"), error: Value = .null,
    response: Value? = nil, more: [(String, Value)] = []
  ) -> String {
    let answer = Value.mapping([
      ("http_version", .bytes("HTTP/2.0")), ("status_code", .raw("200", "#")),
      ("headers", .list([.list([.bytes("content-type"), .bytes("text/event-stream")])])),
      ("content", content), ("trailers", .null), ("timestamp_start", .raw("1777622400.25", "^")),
      ("timestamp_end", .raw("1777622401.5", "^")),
    ])
    return Value.mapping(
      [
        ("client_conn", .mapping([("id", .text("a"))])),
        ("type", .text(type)), ("version", .raw("21", "#")), ("error", error),
        (
          "request",
          .mapping([
            ("host", .text("api.example.com")), ("port", .raw("443", "#")),
            ("method", .bytes("POST")), ("scheme", .bytes("https")), ("authority", .bytes("")),
            ("path", .bytes("/v1/messages?x")), ("http_version", .bytes("HTTP/2.0")),
            ("headers", .list([.list([.bytes("x-a"), .bytes("1")])])), ("content", .bytes("{}")),
            ("timestamp_start", .raw("1777622400.1", "^")),
            ("timestamp_end", .raw("1777622400.125", "^")),
          ])
        ),
        ("response", response ?? answer),
      ] + more
    ).written
  }

  @Test("A flow gives the request, the answer, and when each began and ended")
  func whole() throws {
    let captures = try ReadFile("mitmproxy", Self.flow() + Self.flow()).captures
    #expect(captures.count == 2)
    let capture = captures[0]
    #expect(capture.request.method == "POST")
    #expect(capture.request.url == "https://api.example.com/v1/messages?x")
    #expect(capture.request.headers == [HeaderField("x-a", "1")])
    #expect(capture.request.body == Array("{}".utf8))
    #expect(capture.status == 200)
    #expect(capture.http == "2.0")
    #expect(capture.text == "data: ä\n\n")
    #expect(
      capture.times
        == .span(head: Microseconds(saturating: 125_000), end: Microseconds(saturating: 1_375_000)))
    #expect(capture.at == Timestamp.microseconds(rfc3339: "2026-05-01T08:00:00.1Z"))
    #expect(capture.losses.isEmpty)
  }

  @Test("The body of an answer that was streamed through is missing, and that is said")
  func streamed() throws {
    let capture = try #require(
      try ReadFile("mitmproxy", Self.flow(content: .null)).captures.first)
    #expect(capture.body.isEmpty)
    #expect(capture.ending == .truncated)
    #expect(capture.losses.count == 1)
  }

  @Test(
    "An error of a flow is how it ended",
    arguments: [
      ("peer closed connection without sending complete message body", true, "truncated", ""),
      ("Connection reset by peer", true, "reset", ""),
      ("connection timed out", true, "timeout", ""),
      ("[Errno -2] Name or service not known", false, "unreachable", "dns"),
      ("connection refused", false, "unreachable", "connect"),
      ("Certificate verify failed", false, "unreachable", "tls"),
      ("Client disconnected.", false, "unreachable", "request"),
    ])
  func errors(words: String, isAnswered: Bool, how: String, stage: String) throws {
    let error = Value.mapping([("msg", .text(words)), ("timestamp", .raw("1777622402.0", "^"))])
    let text = Self.flow(error: error, response: isAnswered ? nil : .null)
    let capture = try #require(try ReadFile("mitmproxy", text).captures.first)
    let ending = try CaptureFinisher().exchange(of: capture, format: "mitmproxy").exchange.ending
    #expect(ending.how.rawValue == how)
    #expect(ending.stage?.rawValue ?? "" == stage)
    #expect(ending.detail == words)
  }

  @Test("Flows that are no exchange of HTTP are left out, and counted")
  func foreign() throws {
    let text =
      Self.flow(type: "tcp") + Self.flow(more: [("websocket", .mapping([]))]) + Self.flow()
      + Self.flow(type: "dns")
    let file = try ReadFile("mitmproxy", text)
    #expect(file.captures.count == 1)
    #expect(
      file.notes == [
        "left out: 1 TCP flow (no exchange of HTTP)",
        "left out: 1 WebSocket flow (no exchange of HTTP)",
        "left out: 1 DNS flow (no exchange of HTTP)",
      ])
  }

  @Test("The first versions named the members of an answer otherwise")
  func oldVersion() throws {
    let text = Self.flow(
      response: .mapping([
        ("httpversion", .list([.raw("1", "#"), .raw("1", "#")])), ("code", .raw("201", "#")),
        ("headers", .list([])), ("content", .bytes("x")),
      ]))
    let capture = try #require(try ReadFile("mitmproxy", text).captures.first)
    #expect(capture.status == 201)
    #expect(capture.http == "1.1")
    #expect(capture.times == .unknown)
  }

  @Test("A file that is cut anywhere gives whole flows, or fails with its place")
  func cuts() throws {
    for pieceBytes in [1, 7, 100_000] {
      let file = try ReadFile(
        "mitmproxy", Array((Self.flow() + Self.flow()).utf8), pieceBytes: pieceBytes)
      #expect(file.captures.count == 2)
    }
    let bytes = Array((Self.flow() + Self.flow() + Self.flow()).utf8)
    for percent in 1..<100 {
      let part = Array(bytes.prefix(bytes.count * percent / 100))
      #expect(throws: ImportError.self, "cut at \(percent) %") { try ReadFile("mitmproxy", part) }
    }
    try expectCutsAreSafe("mitmproxy", bytes) { $0.body == $1.body }
  }

  @Test(
    "Lengths that lie fail at once, and with their place",
    arguments: [
      "999999999999:x", "99999999999999999999:x", "5:hello?", "3:1:a}", "8:1:a,1:bX}", "4:9:a,}",
      "x",
      "6:1:a,1:}", "12",
    ])
  func lies(text: String) {
    #expect { try ReadFile("mitmproxy", text) } throws: { saysWhere($0) }
  }

  @Test("Deep nesting and large flows are bounded")
  func bounds() {
    var deep = Value.null
    for _ in 0..<200 { deep = .list([deep]) }
    #expect { try ReadFile("mitmproxy", deep.written) } throws: { saysWhere($0) }
    #expect {
      try ReadFile("mitmproxy", Array(Self.flow().utf8), limits: DocumentLimits(nodeBytes: 100))
    } throws: {
      saysWhere($0)
    }
  }

  @Test("Values of other types fail with their place, or say nothing")
  func mutations() throws {
    for (old, new) in [
      ("4:POST,", "4:true!"), ("3:200#", "3:abc#"), ("13:1777622400.25^", "13:a777622400.25^"),
      ("16:15:11:content-type,17:text/event-stream,]]", ""), ("2:{},", "2:{},"),
      ("3:x-a,1:1,", "3:x-a,1:1;"), ("11:api.example.com;", "11:api.example.com,"),
      ("3:200#", "3:999#"), ("3:200#", "3:100#"), ("8:HTTP/2.0,", "8:HTTP/2.0;"),
    ] {
      do {
        _ = try ReadFile("mitmproxy", Self.flow().replacing(old, with: new))
      } catch {
        #expect(saysWhere(error), "\(old) as \(new)")
      }
    }
  }

  @Test("It is known by how it begins")
  func recognition() {
    let opening = Opening(bytes: Array(Self.flow().utf8), fileName: "flows")
    #expect(ImportFormats.detect(opening)?.name == "mitmproxy")
  }
}
