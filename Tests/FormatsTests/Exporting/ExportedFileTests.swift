import Cassettes
import Formats
import HTTP
import LosslessJSON
import Testing

@Suite("Exported files")
struct ExportedFileTests {
  /// An answer of two events in three chunks; the second character of the text is cut in half.
  static func exchange() -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "00000000000000aa", at: "2026-11-22T11:00:00.000250Z", method: "POST",
        url: "https://api.example.com/v1/chat/completions?a=1",
        headers: [HeaderField("content-type", "application/json")],
        body: Array(#"{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}]}"#.utf8)),
      head: ResponseHead(
        status: 200, headers: [HeaderField("content-type", "text/event-stream")],
        at: Microseconds(saturating: 1_500)),
      ending: Ending(how: .complete, at: Microseconds(saturating: 9_000)))
    let body = Array(
      """
      data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Aé\\n"}}]}

      data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"\\u001b[1m"},"finish_reason":"stop"}]}

      data: [DONE]


      """.utf8)
    let half = (body.firstIndex(of: 0xC3) ?? 0) + 1
    exchange.append(chunk: body[..<half], at: Microseconds(saturating: 2_000))
    exchange.append(chunk: body[half..<120], at: Microseconds(saturating: 3_250))
    exchange.append(chunk: body[120...], at: Microseconds(saturating: 8_001))
    return exchange
  }

  private static func json(_ name: String, _ exchanges: [Exchange]) throws -> JSONValue {
    let format = try #require(ExportFormats.named(name))
    return try JSONValue(parsing: ExportRoundTripTests.exported(exchanges, format), nesting: 64)
  }

  @Test("HAR has the times of chunks from the page's start, and those of events since 1970")
  func harTimes() throws {
    var second = Self.exchange()
    second.request.at = "2026-11-22T11:00:01.000250Z"
    let entries =
      try Self.json("har", [Self.exchange(), second])["log"]?["entries"]?.elements ?? []
    #expect(entries.count == 2)
    let stamps = entries.map { entry in
      entry["response"]?["_chunks"]?.elements?.compactMap { $0["ts"]?.bytes }.map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    #expect(stamps == [["2", "3.25", "8.001"], ["1002", "1003.25", "1008.001"]])
    let messages = entries[0]["_eventSourceMessages"]?.elements ?? []
    #expect(messages.count == 3)
    #expect(messages[0]["time"] == .number("1795345200.0035"))
    #expect(messages[2]["data"]?.text == "[DONE]")
    #expect(entries[0]["timings"]?["wait"] == .number("1.5"))
    #expect(entries[0]["timings"]?["receive"] == .number("7.5"))
  }

  @Test("Scalars of YAML are written so that a line of the text is a line of the file")
  func yaml() throws {
    var exchange = Self.exchange()
    exchange.head?.decoded = "gzip"
    exchange.head?.headers.append(HeaderField("content-encoding", "gzip"))
    let text = String(
      decoding: try ExportRoundTripTests.exported([exchange], VCRExport()), as: UTF8.self)
    #expect(text.hasPrefix("interactions:\n- request:\n    body: \"{\\\"model\\\""))
    #expect(text.contains("      content-type:\n      - \"application/json\"\n"))
    #expect(text.contains("\\n\\\n        \\n\\\n        data: [DONE]\\n\\\n        \\n\"\n"))
    #expect(text.hasSuffix("      code: 200\n      message: \"OK\"\nversion: 1\n"))
    #expect(!text.contains("content-encoding"))
  }

  @Test("An asciicast shows the text, and what would steer a terminal as a picture")
  func asciicast() throws {
    let bytes = try ExportRoundTripTests.exported([Self.exchange()], AsciicastExport())
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        #"{"version":2,"width":80,"height":24,"timestamp":1795345200,"title":"tapedeck"}"#,
        #"[0.00325,"o","Aé\r\n"]"#, #"[0.008001,"o","␛[1m"]"#, #"[0.009,"o","\r\n"]"#,
      ])
  }

  @Test("A body without a message is shown as it is, whole characters only")
  func asciicastOfText() throws {
    var exchange = Self.exchange()
    exchange.request.path = "/plain"
    exchange.head?.headers = [HeaderField("content-type", "text/plain")]
    (exchange.body, exchange.chunks) = ([], [])
    exchange.append(chunk: [0x41, 0xC3], at: Microseconds(saturating: 2_000))
    exchange.append(chunk: [0xA9, 0x0D, 0x0A], at: Microseconds(saturating: 3_000))
    exchange.ending.how = .reset
    let bytes = try ExportRoundTripTests.exported([exchange], AsciicastExport())
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    #expect(
      lines == [
        #"[0.002,"o","A"]"#, #"[0.003,"o","é\r\n"]"#, #"[0.009,"m","reset"]"#,
        #"[0.009,"o","\r\n"]"#,
      ])
  }

  @Test("A trace has a slice with its phases, an instant for each event, and counters")
  func perfetto() throws {
    let events = try Self.json("perfetto", [Self.exchange()])["traceEvents"]?.elements ?? []
    func named(_ phase: String) -> [String] {
      events.filter { $0["ph"]?.text == phase }.compactMap { $0["name"]?.text }
    }
    #expect(named("M") == ["process_name", "thread_name"])
    #expect(
      named("X") == [
        "POST /v1/chat/completions?a=1", "waiting for the head", "waiting for the first byte",
        "stream",
      ])
    #expect(named("i").count == 3)
    #expect(named("C").count == 6)
    let slices = events.filter { $0["ph"]?.text == "X" }
    #expect(slices.map { $0["ts"] } == [.number(0), .number(0), .number(1500), .number(2000)])
    #expect(
      slices.map { $0["dur"] } == [.number(9000), .number(1500), .number(500), .number(7000)])
  }

  @Test("A fixture says what was asked, what was said, and with which pauses")
  func aimock() throws {
    let fixtures = try Self.json("aimock", [Self.exchange(), Self.exchange()])["fixtures"]?.elements
    let first = try #require(fixtures?.first)
    #expect(
      String(decoding: first.bytes, as: UTF8.self)
        == #"{"match":{"userMessage":"Hi","model":"gpt-5","endpoint":"chat"},"#
        + #""response":{"content":"Aé\n\u001b[1m","finishReason":"stop"},"#
        + #""recordedTimings":{"ttftMs":3,"interChunkDelaysMs":[5,0],"totalDurationMs":9}}"#)
    #expect(fixtures?.last?["match"]?["sequenceIndex"] == .number(1))
  }
}
