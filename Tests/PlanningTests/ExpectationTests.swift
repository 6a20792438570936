import Cassettes
import HTTP
import LosslessJSON
import Planning
import Testing

@Suite("What a right client must do is computed by running one over the planned bytes")
struct ExpectationTests {
  /// An exchange of one chunk an event, 1 ms apart.
  private static func exchange(
    _ target: String, _ events: [String], how: Ending.How = .complete,
    framing: ResponseHead.Framing = .chunked, status: Int = 200,
    type: String = "text/event-stream"
  ) -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e66", at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://api.example.com\(target)"),
      head: ResponseHead(
        status: status, framing: framing, headers: [HeaderField("content-type", type)],
        at: Microseconds(saturating: 1000)),
      ending: Ending(how: how, at: Microseconds(saturating: 100_000)))
    for (index, event) in events.enumerated() {
      exchange.append(
        chunk: Array("\(event)\n\n".utf8), at: Microseconds(saturating: Int64(index + 2) * 1000))
    }
    return exchange
  }

  static let anthropic = exchange("/v1/messages", anthropicEvents)

  static let anthropicEvents = [
    #"{"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":1}}}"#,
    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
    #"{"type":"ping"}"#,
    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A tape "}}"#,
    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"deck écoute, et écoute encore: le ruban est long, et le temps aussi, le temps aussi."}}"#,
    #"{"type":"content_block_stop","index":0}"#,
    #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}"#,
    #"{"type":"message_stop"}"#,
  ].map { data in
    let type = data.split(separator: "\"" as Character)[3]
    return "event: \(type)\ndata: \(data)"
  }

  static let chat = exchange(
    "/v1/chat/completions",
    [
      #"data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"A "}}]}"#,
      #"data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"b"}}]}"#,
      #"data: {"object":"chat.completion.chunk","choices":"#
        + #"[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
      "data: [DONE]",
    ])

  static let gemini = exchange(
    "/v1beta/models/g:streamGenerateContent?alt=sse",
    [
      #"data: {"candidates":[{"content":{"parts":[{"text":"A "}]}}]}"#,
      #"data: {"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}"#,
    ])

  static let plain = exchange("/events", ["data: a", "data: b"])

  private static func expectation(_ exchange: Exchange, _ faults: [String]) throws
    -> Plan.Expectation
  {
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    let plan = try Planner().plan(exchange, PlanOptions(faults: specs))
    return plan.expectation(for: exchange)
  }

  @Test(
    "each fault has its outcome in an Anthropic stream",
    arguments: [
      ("stall:90s", "benign"), ("trickle:10B/s", "benign"), ("hold:100B", "benign"),
      ("rechunk:1", "benign"), ("rechunk:utf8", "benign"), ("coalesce:3", "benign"),
      ("gzip", "benign"), ("interim", "benign"), ("framing:eof", "benign"),
      ("framing:length", "benign"), ("framing:length-short", "breaking"),
      ("newline:cr", "benign"), ("newline:mixed", "benign"), ("bom", "benign"),
      ("no-space", "benign"), ("split-data", "benign"), ("comment", "benign"),
      ("fields", "benign"), ("big:100KiB", "benign"), ("no-final-blank", "breaking"),
      ("ping", "benign"), ("unknown", "benign"), ("trailing:100B", "benign"),
      ("drop@event:3", "benign"), ("drop@event:4", "undetectable"), ("drop@event:1", "breaking"),
      ("duplicate@event:4", "undetectable"), ("swap@event:4", "undetectable"),
      ("bad-json@event:4", "breaking"), ("cut-json@event:4", "breaking"),
      ("bad-utf8@event:5", "undetectable"), ("empty-data@event:4", "undetectable"),
      ("drop-terminal", "breaking"), ("error@event:5", "breaking"),
      ("disconnect@event:5", "breaking"), ("disconnect@event:5,mid-chunk", "breaking"),
      ("disconnect@end", "breaking"), ("reset@event:8", "breaking"), ("reset@end", "breaking"),
      ("end@event:8", "breaking"), ("end@end", "benign"), ("hang", "breaking"),
      ("hang@head", "breaking"), ("hang:1s@event:3", "breaking"), ("linger", "breaking"),
      ("bad-chunk@end", "breaking"), ("status:529", "breaking"), ("body:html", "breaking"),
      ("body:json", "breaking"), ("header:-content-type", "breaking"), ("header:x-a=1", "benign"),
      ("header:content-encoding=br", "breaking"), ("header:content-encoding=GZIP", "breaking"),
      ("header:content-encoding=identity", "benign"),
    ])
  func anthropic(fault: String, expected: String) throws {
    let expectation = try Self.expectation(Self.anthropic, [fault])
    #expect(expectation.outcome.rawValue == expected, "\(fault): \(expectation.why)")
    #expect(!expectation.why.isEmpty)
  }

  @Test(
    "what comes in front of the first event comes behind a byte order mark",
    arguments: ["comment", "fields", "big:100B@event:1", "no-space", "newline:cr"])
  func mark(fault: String) throws {
    #expect(try Self.expectation(Self.anthropic, ["bom", fault]).outcome == .benign)
    let plain = Self.exchange("/events", ["\u{feff}data: [1]", "data: [2]"])
    #expect(try Self.expectation(plain, [fault]).text == Self.expectation(plain, []).text)
  }

  @Test("the text and the message are those that arrive on this attempt")
  func delivered() throws {
    let whole = try Self.expectation(Self.anthropic, [])
    #expect(String(decoding: whole.text, as: UTF8.self).hasPrefix("A tape deck écoute, "))
    #expect(whole.message?["stop_reason"]?.text == "end_turn")
    let cut = try Self.expectation(Self.anthropic, ["reset@event:5"])
    #expect(String(decoding: cut.text, as: UTF8.self) == "A tape ")
    #expect(cut.message?["stop_reason"]?.text == nil)
    let refused = try Self.expectation(Self.anthropic, ["status:429"])
    #expect(refused.text.isEmpty && refused.message == nil)
    let zipped = try Self.expectation(Self.anthropic, ["gzip", "rechunk:3"])
    #expect(zipped.text == whole.text && zipped.outcome == .benign)
  }

  @Test("the rule of the dialect decides what the end of a stream means")
  func dialects() throws {
    func outcome(_ exchange: Exchange, _ fault: String) throws -> String {
      try Self.expectation(exchange, [fault]).outcome.rawValue
    }
    // Chat is whole without [DONE], and not without a finish reason.
    #expect(try outcome(Self.chat, "drop-terminal") == "benign")
    #expect(try outcome(Self.chat, "no-final-blank") == "benign")
    #expect(try outcome(Self.chat, "end@type:finish") == "breaking")
    #expect(try outcome(Self.chat, "end@type:done") == "benign")
    #expect(try outcome(Self.chat, "drop@type:delta:2") == "undetectable")
    // Gemini has no terminal event: only the finish reason tells.
    #expect(throws: DirectiveError.self) { try outcome(Self.gemini, "drop-terminal") }
    #expect(try outcome(Self.gemini, "end@type:finish") == "breaking")
    #expect(try outcome(Self.gemini, "drop@event:1") == "undetectable")
    // A plain stream is whole when its body is.
    #expect(try outcome(Self.plain, "end@event:2") == "undetectable")
    #expect(try outcome(Self.plain, "reset@event:2") == "breaking")
    #expect(try outcome(Self.plain, "comment") == "benign")
  }

  @Test(
    "a recording that failed is breaking by itself, and with further faults",
    arguments: [Ending.How.reset, .truncated, .timeout, .malformed, .interrupted])
  func failed(how: Ending.How) throws {
    let cut = Self.exchange("/v1/messages", Array(Self.anthropicEvents.prefix(5)), how: how)
    #expect(try Self.expectation(cut, []).outcome == .breaking)
    #expect(try Self.expectation(cut, ["rechunk:1", "ping"]).outcome == .breaking)
    #expect(try Self.expectation(cut, ["end@end"]).outcome == .breaking)
  }

  @Test(
    "an error that was recorded must be retried or reported, and JSON that is cut is no JSON"
  )
  func noStreams() throws {
    let overloaded = Self.exchange(
      "/v1/messages", ["{}"], status: 529, type: "application/json")
    #expect(try Self.expectation(overloaded, []).outcome == .breaking)
    let json = Self.exchange("/v1/messages", [#"{"a":1}"#], type: "application/json")
    #expect(try Self.expectation(json, []).outcome == .benign)
    #expect(try Self.expectation(json, ["rechunk:2"]).outcome == .benign)
    #expect(try Self.expectation(json, ["end@byte:3"]).outcome == .breaking)
    let text = Self.exchange("/v1/messages", ["a text"], type: "text/plain")
    #expect(try Self.expectation(text, ["end@byte:3"]).outcome == .undetectable)
  }
}

@Suite("A framing does not make a broken recording whole")
struct FramingOfFailedRecordingTests {
  @Test("a truncated recording that is framed by its length declares more than comes")
  func truncated() throws {
    let exchange = PlanText.exchange("head@10 | [abc]@20 | truncated@30", type: "text/plain")
    let fault = try FaultSpec(parsing: "framing:length")
    let plan = try Planner().plan(exchange, PlanOptions(faults: [fault]))
    #expect(PlanText.head(plan).contains("content-length: 4"))
    #expect(plan.ending == .disconnect)
    #expect(plan.expectation(for: exchange).outcome == .breaking)
  }
}
