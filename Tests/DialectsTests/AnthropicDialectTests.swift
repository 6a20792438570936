import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite struct AnthropicDialectTests {
  private let dialect = AnthropicDialect()

  @Test(
    "a path speaks for it",
    arguments: [
      ("/v1/messages", .path), ("/v1/messages?beta=true", .path),
      ("/anthropic/v1/messages", .path), ("/api/gateway/messages", .header),
      ("/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict", .path),
      ("/model/us.anthropic.claude-x-v1:0/invoke-with-response-stream", .path),
      ("/v1/projects/p/locations/l/publishers/mistralai/models/m:streamRawPredict", nil),
      ("/v1/threads/t/messages", nil), ("/v1/messages/batches", nil), ("/v1/chat/completions", nil),
    ] as [(String, DialectCertainty?)])
  func path(target: String, certainty: DialectCertainty?) {
    #expect(dialect.recognizes(DialectEvidence(target: target)) == certainty)
  }

  @Test("its events speak for it more than a path does, and the client's header less")
  func evidence() {
    let start = ServerSentEvent(type: "message_start", data: "{}")
    let cut = ServerSentEvent(type: "content_block_delta", data: "{}")
    for event in [start, cut] {
      let evidence = DialectEvidence(target: "/v1/responses", firstEvents: [event])
      #expect(DialectCatalogue.standard.dialect(for: evidence).name == "anthropic")
    }
    let header = DialectEvidence(
      target: "/v1/chat/completions", headerNames: ["Anthropic-Version"])
    #expect(dialect.recognizes(header) == .header)
    #expect(DialectCatalogue.standard.dialect(for: header).name == "openai-chat")
  }

  @Test("an event is called by its line, or by the type in its data where it has none")
  func name() {
    let data = #"{"type":"message_stop"}"#
    #expect(dialect.name(of: ServerSentEvent(type: "x", data: data)) == "x")
    #expect(dialect.name(of: ServerSentEvent(data: data)) == "message_stop")
    #expect(dialect.name(of: ServerSentEvent(data: "none")) == "message")
  }

  @Test("the headers of an error tell of the limits, and of when they end")
  func rateLimit() {
    let error = APIError(
      status: 429, message: "Slow down", retryAfter: .seconds(16),
      rateLimit: RateLimit(
        requests: .init(limit: 50, remaining: 0), tokens: .init(limit: 9000, remaining: 12),
        resetsAfter: .milliseconds(1500), nowSeconds: 1_709_251_198))
    let reply = dialect.reply(to: error)
    #expect(
      reply.headers.map { "\($0.name): \($0.value)" } == [
        "content-type: application/json", "request-id: req_tapedeck", "x-should-retry: true",
        "retry-after: 16", "anthropic-ratelimit-requests-limit: 50",
        "anthropic-ratelimit-requests-remaining: 0",
        "anthropic-ratelimit-requests-reset: 2024-03-01T00:00:00Z",
        "anthropic-ratelimit-tokens-limit: 9000", "anthropic-ratelimit-tokens-remaining: 12",
        "anthropic-ratelimit-tokens-reset: 2024-03-01T00:00:00Z",
        "anthropic-ratelimit-input-tokens-limit: 9000",
        "anthropic-ratelimit-input-tokens-remaining: 12",
        "anthropic-ratelimit-input-tokens-reset: 2024-03-01T00:00:00Z",
        "anthropic-ratelimit-output-tokens-limit: 9000",
        "anthropic-ratelimit-output-tokens-remaining: 12",
        "anthropic-ratelimit-output-tokens-reset: 2024-03-01T00:00:00Z",
      ])
    #expect(
      String(decoding: reply.body, as: UTF8.self) == """
        {"type":"error","error":{"type":"rate_limit_error","message":"Slow down"},\
        "request_id":"req_tapedeck"}
        """)
  }

  @Test(
    "each status has its type, and its word on trying again where one is known",
    arguments: [
      (400, "invalid_request_error", "false"), (401, "authentication_error", "false"),
      (402, "billing_error", nil), (403, "permission_error", nil),
      (404, "not_found_error", "false"), (413, "request_too_large", nil),
      (429, "rate_limit_error", "true"), (500, "api_error", nil), (504, "timeout_error", nil),
      (529, "overloaded_error", nil),
    ] as [(Int, String, String?)])
  func status(status: Int, type: String, retry: String?) throws {
    let reply = dialect.reply(to: APIError(status: status, message: "m"))
    #expect(try JSONValue(parsing: reply.body)["error"]?["type"] == .string(type))
    #expect(reply.headers.first { $0.name == "x-should-retry" }?.value == retry)
  }

  @Test(
    "a second of universal time is written with its date",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"), (1_792_567_680, "2026-10-21T07:28:00Z"),
      (.min, "0000-01-01T00:00:00Z"), (.max, "9999-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func time(seconds: Int64, text: String) {
    #expect(UTCTime(secondsSince1970: seconds).description == text)
  }

  @Test("its error event is taken for what it is")
  func errorEvent() {
    var parser = EventStreamParser(eventLimitBytes: 10_000)
    var events: [ServerSentEvent] = []
    parser.parse(dialect.errorEvent(type: "overloaded_error", message: "Overloaded")) {
      events.append($0)
    }
    #expect(events.count == 1 && events.allSatisfy(dialect.isTerminal))
    var reading = AnthropicReading(AnthropicReading.start)
    for event in events { reading.take(event) }
    #expect(reading.reason == "an error event came: overloaded_error: Overloaded")
    #expect(reading.problems.isEmpty)
  }
}
