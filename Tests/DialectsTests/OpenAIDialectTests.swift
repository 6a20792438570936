import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite struct OpenAIDialectTests {
  private typealias Stream = OpenAIStream

  @Test(
    "an event has the name by which a user points at it",
    arguments: [
      ("[DONE]", "done"), (Stream.finish, "finish"), (Stream.chunk("{}"), "delta"),
      (#"{"object":"chat.completion.chunk","choices":[],"usage":{}}"#, "usage"),
      (#"{"object":"chat.completion.chunk","choices":[],"usage":null}"#, "delta"),
      (#"{"object":"chat.completion.chunk","choices":[{}],"usage":{}}"#, "delta"),
      (#"{"error":{"message":"x"}}"#, "error"), (#"{"error":null}"#, "delta"), ("{", "delta"),
    ])
  func chatNames(data: String, name: String) {
    #expect(OpenAIChatDialect().name(of: ServerSentEvent(data: data)) == name)
    #expect(OpenAIChatDialect().name(of: ServerSentEvent(type: "x", data: data)) == "x")
    let isEnd = ["done", "error"].contains(name)
    #expect(OpenAIChatDialect().isTerminal(ServerSentEvent(data: data)) == isEnd)
  }

  @Test("an event of the Responses API is called by its type, from its line or its data")
  func responsesNames() {
    let dialect = OpenAIResponsesDialect()
    let data = #"{"type":"response.failed"}"#
    #expect(dialect.name(of: ServerSentEvent(data: data)) == "response.failed")
    #expect(dialect.name(of: ServerSentEvent(type: "x", data: data)) == "x")
    #expect(dialect.name(of: ServerSentEvent(data: "{")) == "message")
    #expect(dialect.isTerminal(ServerSentEvent(data: data)))
    #expect(!dialect.isTerminal(ServerSentEvent(data: Stream.created)))
  }

  @Test(
    "a target tells its dialect",
    arguments: [
      ("/v1/chat/completions", "openai-chat"), ("/api/chat/completions", "openai-chat"),
      ("/openai/deployments/d/chat/completions?api-version=1", "openai-chat"),
      ("/v1/responses", "openai-responses"), ("/openai/responses?x=1", "openai-responses"),
      ("/v1/responses/resp_1?starting_after=2&stream=true", "openai-responses"),
      ("/v1/responses/resp_1", "plain"), ("/v1/completions", "plain"), ("/v2/chat", "plain"),
    ])
  func targets(target: String, name: String) {
    let evidence = DialectEvidence(
      target: target, headerNames: ["openai-version", "x-ratelimit-limit-tokens"])
    #expect(DialectCatalogue.standard.dialect(for: evidence).name == name)
  }

  @Test(
    "events tell their dialect, whatever the target is",
    arguments: [
      (Stream.finish, "openai-chat"), (#"{"object":"","choices":[]}"#, "openai-chat"),
      (Stream.created, "openai-responses"), (#"{"type":"response.queued"}"#, "openai-responses"),
      (#"{"object":"text_completion","choices":[]}"#, "plain"), ("[DONE]", "plain"),
      (#"{"object":"","data":[]}"#, "plain"), (#"{"type":"response.completed"}"#, "plain"),
    ])
  func events(data: String, name: String) {
    let evidence = DialectEvidence(target: "/x", firstEvents: [ServerSentEvent(data: data)])
    #expect(DialectCatalogue.standard.dialect(for: evidence).name == name)
  }

  @Test("a sign of life before the first event of a response hides nothing")
  func keepalive() {
    let events = [#"{"type":"keepalive"}"#, Stream.created].map { ServerSentEvent(data: $0) }
    let evidence = DialectEvidence(target: "/x", firstEvents: events)
    #expect(DialectCatalogue.standard.dialect(for: evidence).name == "openai-responses")
  }

  @Test(
    "an answer that says what went wrong looks as OpenAI's do",
    arguments: [
      (401, nil, "invalid_request_error", "null"), (404, nil, "invalid_request_error", "null"),
      (429, nil, "rate_limit_exceeded", #""rate_limit_exceeded""#),
      (429, "insufficient_quota", "insufficient_quota", #""insufficient_quota""#),
      (503, nil, "server_error", "null"),
    ] as [(Int, String?, String, String)])
  func replies(status: Int, type: String?, word: String, code: String) {
    let reply = OpenAIErrors.reply(to: APIError(status: status, type: type, message: "M"))
    #expect(
      String(decoding: reply.body, as: UTF8.self)
        == #"{"error":{"message":"M","type":"\#(word)","param":null,"code":\#(code)}}"#)
    #expect(
      reply.headers == [
        .init("content-type", "application/json"), .init("openai-version", "2020-10-01"),
        .init("x-request-id", ErrorReply.requestID),
      ])
  }

  @Test("limits are told as headers, the time until they begin anew as Go writes it")
  func limits() {
    let limit = RateLimit(
      requests: .init(limit: 500, remaining: 0), tokens: .init(limit: 30000, remaining: 7),
      resetsAfter: .milliseconds(1_252_666), nowSeconds: 0)
    let error = APIError(
      status: 429, message: "M", retryAfter: .milliseconds(1500), rateLimit: limit)
    #expect(
      OpenAIErrors.reply(to: error).headers.dropFirst(3).map { "\($0.name): \($0.value)" } == [
        "x-ratelimit-limit-requests: 500", "x-ratelimit-limit-tokens: 30000",
        "x-ratelimit-remaining-requests: 0", "x-ratelimit-remaining-tokens: 7",
        "x-ratelimit-reset-requests: 20m52.666s", "x-ratelimit-reset-tokens: 20m52.666s",
        "retry-after-ms: 1500", "retry-after: 2",
      ])
  }

  @Test(
    "a span of time is written as Go does",
    arguments: [
      (.zero, "0s"), (.milliseconds(6), "6ms"), (.milliseconds(1500), "1.5s"),
      (.milliseconds(8640), "8.64s"), (.seconds(60), "1m0s"), (.seconds(3661), "1h1m1s"),
      (.milliseconds(59_369), "59.369s"), (.milliseconds(73_588), "1m13.588s"),
      (.seconds(86_400), "24h0m0s"), (.microseconds(1), "1ms"), (.microseconds(999_001), "1s"),
      (.seconds(-1), "0s"), (.milliseconds(1005), "1.005s"),
    ] as [(Duration, String)])
  func durations(duration: Duration, text: String) {
    #expect(GoDuration.text(duration) == text)
  }

  @Test("the error events are what the states take for errors")
  func errorEvents() throws {
    for dialect in [OpenAIChatDialect(), OpenAIResponsesDialect()] as [any Dialect] {
      let bytes = dialect.errorEvent(type: "overloaded_error", message: "Wait")
      let events = EventIndex(body: bytes, chunkEnds: [bytes.count]).events
      var message = MessageAccumulator(dialect)
      for event in events { message.take(event) }
      #expect(message.completeness.reason == "an error came: overloaded_error: Wait")
      let unknown = EventIndex(
        body: dialect.unknownEvent, chunkEnds: [dialect.unknownEvent.count])
      for event in unknown.events { message = MessageAccumulator(dialect, taking: event) }
      #expect(message.log.unrecognized.count == 1 && message.log.problems.isEmpty)
    }
  }
}

extension MessageAccumulator {
  fileprivate init(_ dialect: any Dialect, taking event: ServerSentEvent) {
    self.init(dialect)
    take(event)
  }
}
