import Cassettes
import Formats
import HTTP
import Testing

@Suite("HTTP archives")
struct HARFormatTests {
  /// An archive of one entry.
  static func archive(
    request: String = #""method":"POST","url":"https://api.example.com/v1/messages","headers":[]"#,
    response: String, entry: String = "", pages: String = "[]"
  ) -> String {
    """
    {"log":{"version":"1.2","creator":{"name":"x","version":"1"},"pages":\(pages),
    "entries":[{"startedDateTime":"2026-05-01T10:00:00.100+02:00","time":30,
    "request":{\(request)},
    "response":{\(response)},
    "timings":{"blocked":1,"dns":-1,"connect":2,"ssl":1,"send":3,"wait":10.5,"receive":14}\(entry)
    }]}}
    """
  }

  static let head = """
    "status":200,"statusText":"OK","httpVersion":"HTTP/1.1",
    "headers":[{"name":"content-type","value":"text/event-stream"}]
    """

  private func one(_ text: String) throws -> Capture {
    let file = try ReadFile("har", text)
    #expect(file.captures.count == 1)
    return try #require(file.captures.first)
  }

  @Test("An entry gives the request, the answer, and wait and receive as its span")
  func plain() throws {
    let capture = try one(
      Self.archive(
        request: #"""
          "method":"POST","url":"https://api.example.com/v1/messages?x=1","httpVersion":"h2",
          "headers":[{"name":":authority","value":"api.example.com"},{"name":"A","value":"b"}],
          "postData":{"mimeType":"application/json","text":"{\"a\":1}"},"bodySize":-1
          """#,
        response: Self.head + #","content":{"size":11,"text":"data: ä\n\n"}"#))
    #expect(capture.request.method == "POST")
    #expect(capture.request.url == "https://api.example.com/v1/messages?x=1")
    #expect(capture.request.headers == [HeaderField("A", "b")])
    #expect(String(decoding: capture.request.body, as: UTF8.self) == #"{"a":1}"#)
    #expect(capture.status == 200)
    #expect(capture.text == "data: ä\n\n")
    #expect(capture.at == Timestamp.microseconds(rfc3339: "2026-05-01T08:00:00.1Z"))
    #expect(
      capture.times
        == .span(head: Microseconds(saturating: 10_500), end: Microseconds(saturating: 24_500)))
    #expect(capture.losses.isEmpty)
  }

  @Test(
    "Versions of HTTP are known by all their names",
    arguments: [
      ("h2", "2"), ("HTTP/2", "2"), ("http/2.0", "2"), ("HTTP/1.0", "1.0"), ("http/1.1", "1.1"),
      ("h3", "3"), ("unknown", nil),
    ])
  func versions(name: String, version: String?) throws {
    let capture = try one(
      Self.archive(response: #""status":200,"httpVersion":"\#(name)","headers":[],"content":{}"#))
    #expect(capture.http == version)
  }

  @Test("Base64 is undone, and a form is made from its fields")
  func codings() throws {
    let capture = try one(
      Self.archive(
        request: #"""
          "method":"POST","url":"https://a.example/","headers":[],"postData":{"mimeType":
          "application/x-www-form-urlencoded","params":[{"name":"a b","value":"ü"},{"name":"c"}]}
          """#,
        response: Self.head + #","content":{"encoding":"base64","text":"AP8K"}"#))
    #expect(capture.body == [0, 255, 10])
    #expect(String(decoding: capture.request.body, as: UTF8.self) == "a+b=%C3%BC&c=")
    #expect(capture.losses == ["its request's body is made from its fields"])
  }

  // The request had been sent whole 6 ms after 100 ms of the second.
  private static let messages = #"""
    ,"_eventSourceMessages":[
    {"time":1777622400.096,"eventName":"message","eventId":"","data":"a"},
    {"time":1777622400.126,"eventName":"tick","eventId":"7","data":"b\nc"},
    {"time":1777622400.1301,"eventName":"tick","eventId":"7","data":""}]
    """#

  @Test("Chrome's event messages give the events of a body their times")
  func messageTimes() throws {
    let text = #"data: a\n\n: ping\n\nid: 7\nevent: tick\ndata: b\ndata:c\n\nevent: tick\ndata\n\n"#
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{"text":"\#(text)"}"#, entry: Self.messages))
    #expect(
      capture.text
        == "data: a\n\n: ping\n\nid: 7\nevent: tick\ndata: b\ndata:c\n\nevent: tick\ndata\n\n")
    #expect(capture.arrivals == [10_500, 20_000, 24_100])
    #expect(capture.ends == [9, 51, 69])
    #expect(capture.losses.isEmpty)
  }

  @Test(
    "A body that is missing, or cut inside an event, is made from the event messages",
    arguments: ["", #""text":"""#, #""text":"data: a\n\nid: 7\neve""#])
  func madeBody(content: String) throws {
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{\#(content)},"_error":"net::ERR_ABORTED""#,
        entry: Self.messages))
    #expect(
      capture.text == "data: a\n\nevent: tick\nid: 7\ndata: b\ndata: c\n\nevent: tick\ndata:\n\n")
    #expect(capture.arrivals == [10_500, 20_000, 24_100])
    #expect(capture.losses.count == 1)
    #expect(capture.losses[0].contains("event messages"))
    #expect(capture.ending == .truncated)
    #expect(capture.endingDetail == "net::ERR_ABORTED")
  }

  @Test("Messages of another body are left out, and that is said")
  func foreignMessages() throws {
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{"text":"data: z\n\n"}"#, entry: Self.messages))
    #expect(capture.text == "data: z\n\n")
    #expect(capture.arrivals == nil)
    #expect(capture.losses.count == 1)
  }

  private static let pages =
    #"[{"id":"p1","startedDateTime":"2026-05-01T08:00:00.050Z"},{"id":"p2"}]"#

  @Test("chrome-har's chunks cut the body, with the times at which they came")
  func chunks() throws {
    // The request had been sent 56 ms after the page began.
    let chunks =
      #","pageref":"p1","_chunks":[{"ts":70.001,"bytes":4},{"ts":71,"bytes":3},{"ts":79.5,"bytes":4}]"#
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{"size":22,"text":"data: äa\n\n"}"#,
        entry: chunks, pages: Self.pages))
    #expect(capture.arrivals == [14_001, 15_000, 23_500])
    #expect(capture.ends == [4, 7, 11])
    #expect(capture.losses.isEmpty)
  }

  @Test("Chunks of no known page end with the body")
  func chunksWithoutPage() throws {
    let chunks = #","_chunks":[{"ts":5000,"bytes":6},{"ts":5004.25,"bytes":3}]"#
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{"text":"data: a\n\n"}"#, entry: chunks, pages: "null"))
    #expect(capture.arrivals == [20_250, 24_500])
  }

  @Test("Chunks that count more show that the text was cut")
  func cutText() throws {
    let chunks = #","pageref":"p1","_chunks":[{"ts":70,"bytes":6},{"ts":79,"bytes":60}]"#
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{"text":"data: a\n\n"}"#, entry: chunks,
        pages: Self.pages))
    #expect(capture.ends == [6, 9])
    #expect(capture.ending == .truncated)
    #expect(capture.losses.count == 1)
  }

  @Test("Chunks that count less are of other bytes, and are left out")
  func otherChunks() throws {
    let chunks = #","pageref":"p1","_chunks":[{"ts":70,"bytes":6}]"#
    let capture = try one(
      Self.archive(
        response: Self.head + #","content":{"text":"data: a\n\n"}"#, entry: chunks,
        pages: Self.pages))
    #expect(capture.arrivals == nil)
    #expect(capture.ending == .complete)
    #expect(capture.losses.count == 1)
  }

  @Test("A body that the file does not hold is said, and does not count as complete")
  func missingBody() throws {
    let capture = try one(Self.archive(response: Self.head + #","content":{"size":300}"#))
    #expect(capture.body.isEmpty)
    #expect(capture.ending == .truncated)
    #expect(capture.losses == ["its body is not in the file (300 bytes)"])
  }

  @Test(
    "What a browser calls an error is an ending",
    arguments: [
      ("net::ERR_CONNECTION_RESET", 200, Ending.How.reset, nil),
      ("net::ERR_INCOMPLETE_CHUNKED_ENCODING", 200, .truncated, nil),
      ("net::ERR_HTTP2_PROTOCOL_ERROR", 200, .malformed, nil),
      ("net::ERR_TIMED_OUT", 200, .timeout, nil),
      ("net::ERR_CONNECTION_RESET", 0, .unreachable, Ending.Stage.request),
      ("net::ERR_CONNECTION_REFUSED", 0, .unreachable, .connect),
      ("net::ERR_NAME_NOT_RESOLVED", 0, .unreachable, .dns),
      ("net::ERR_CERT_DATE_INVALID", 0, .unreachable, .tls),
    ])
  func errors(error: String, status: Int, how: Ending.How, stage: Ending.Stage?) throws {
    let capture = try one(
      Self.archive(
        response: #""status":\#(status),"headers":[],"content":{},"_error":"\#(error)""#))
    let exchange = try CaptureFinisher().exchange(of: capture, format: "har").exchange
    #expect(exchange.ending.how == how)
    #expect(exchange.ending.stage == stage)
    #expect(exchange.ending.detail == error)
    #expect((exchange.head == nil) == (status == 0))
  }

  @Test("WebSockets, data URLs and tunnels are left out, and counted")
  func foreign() throws {
    func entry(_ method: String, _ url: String) -> String {
      #"{"request":{"method":"\#(method)","url":"\#(url)","headers":[]},"response":{"status":200}}"#
    }
    let entries = [
      entry("GET", "data:text/plain,x"), entry("GET", "wss://a.example/"),
      entry("GET", "ws://a.example/"), entry("CONNECT", "a.example:443"),
      entry("GET", "https://a.example/"),
    ].joined(separator: ",")
    let file = try ReadFile("har", #"{"log":{"creator":{},"entries":[\#(entries)]}}"#)
    #expect(file.captures.map(\.request.url) == ["https://a.example/"])
    #expect(
      file.notes == [
        "left out: 1 data: URL (no exchange of HTTP)",
        "left out: 2 WebSockets (no exchange of HTTP)",
        "left out: 1 tunnel (no exchange of HTTP)",
      ])
  }

  @Test("A text that was decoded from another charset is UTF-8, and that is said")
  func charset() throws {
    let capture = try one(
      Self.archive(
        response: #"""
          "status":200,"headers":[{"name":"Content-Type","value":"text/plain; charset=ISO-8859-1"}],
          "content":{"text":"ü"}
          """#))
    #expect(capture.text == "ü")
    #expect(capture.losses == ["its body was decoded from iso-8859-1, and is UTF-8 here"])
  }

  @Test("Several set-cookie fields in one value are several fields, and the type may be mimeType")
  func fields() throws {
    let capture = try one(
      Self.archive(
        response: #"""
          "status":200,"headers":[{"name":"set-cookie","value":"a=1\nb=2"},{"name":"x y","value":"1"}],
          "content":{"mimeType":"text/plain","text":"x"}
          """#))
    #expect(
      capture.headers == [
        HeaderField("set-cookie", "a=1"), HeaderField("set-cookie", "b=2"),
        HeaderField("content-type", "text/plain"),
      ])
  }

  @Test("A body may stand in a file beside the archive, and nowhere else")
  func attached() throws {
    for (path, body) in [("a1.sse", "data: a\n\n"), ("../a1.sse", ""), ("/a1.sse", "")] {
      let text = Self.archive(response: Self.head + #","content":{"_file":"\#(path)"}"#)
      let file = try ReadFile(
        "har", Array(text.utf8),
        siblings: [path: Array("data: a\n\n".utf8)])
      #expect(file.captures.first?.text == body)
    }
  }

  @Test("Dates are taken as programs write them")
  func dates() throws {
    for (date, utc) in [
      ("2026-05-01T10:00:00.100+0200", "2026-05-01T08:00:00.1Z"),
      ("2026-05-01T10:00:00.5", "2026-05-01T10:00:00.5Z"),
      ("Fri, 01 May 2026 10:00:00 GMT", "2026-05-01T10:00:00Z"),
    ] {
      let text = Self.archive(response: #""status":200,"headers":[],"content":{}"#).replacing(
        "2026-05-01T10:00:00.100+02:00", with: date)
      #expect(try one(text).at == Timestamp.microseconds(rfc3339: utc))
    }
  }

  @Test("An archive that is cut anywhere fails with its place")
  func cuts() throws {
    let text = Self.archive(
      response: Self.head + #","content":{"text":"data: a\n\n"}"#, entry: Self.messages)
    try expectCutsAreSafe("har", Array(text.utf8)) { $0.body == $1.body && $0.times == $1.times }
  }

  @Test("Values of other types fail with their place, or say nothing")
  func mutations() throws {
    let text = Self.archive(
      request: #"""
        "method":"POST","url":"https://a.example/","httpVersion":"h2","headers":[{"name":"a",
        "value":"b"}],"postData":{"text":"q"}
        """#,
      response: Self.head + #","content":{"size":9,"text":"data: a\n\n"}"#,
      entry: Self.messages + #","pageref":"p1","_chunks":[{"ts":70,"bytes":9}]"#, pages: Self.pages)
    try expectMutationsAreSafe(
      "har", text,
      [
        #""POST""#, #""https://a.example/""#, #""h2""#, #"{"name":"a","#, #"{"text":"q"}"#, #""q""#,
        #"200"#, #"[{"name":"content-type","value":"text/event-stream"}]"#,
        #"{"size":9,"text":"data: a\n\n"}"#, #""data: a\n\n""#, "1777622400.096", #""tick""#,
        #"[{"ts":70,"bytes":9}]"#, "70", #""p1""#, "10.5", #""2026-05-01T10:00:00.100+02:00""#,
      ].map { $0 == #"{"name":"a","# ? #""a""# : $0 })
  }

  @Test(
    "What is no archive is said",
    arguments: ["[]", "{}", #"{"log":[]}"#, #"{"log":{"entries":{}}}"#, "", "7", "{\"log\""])
  func noArchive(text: String) {
    #expect { try ReadFile("har", text) } throws: { saysWhere($0) }
  }

  @Test("Archives of browsers and recordings of Polly.js are told apart")
  func recognition() {
    func detected(_ text: String) -> String? {
      ImportFormats.detect(Opening(bytes: Array(text.utf8), fileName: "x"))?.name
    }
    #expect(detected(Self.archive(response: Self.head)) == "har")
    #expect(
      detected(#"{"log":{"_recordingName":"a/b","creator":{"name":"Polly.JS"},"entries":[]}}"#)
        == "polly")
    #expect(detected("log:\n  _recordingName: a\n  entries:\n    - _id: 1\n") == "polly")
    #expect(detected("interactions:\n- request:\n    uri: https://x/log:\n") != "polly")
  }

  @Test(
    "What stands behind the archive is an error", arguments: ["}", "{}", " []", "\n{\"log\":{}}"])
  func goesOn(more: String) {
    let text = Self.archive(response: Self.head) + more
    #expect(throws: (any Error).self) { try ReadFile("har", text) }
  }
}
