import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite("Gemini's words")
struct GeminiDialectTests {
  private let dialect = GeminiDialect()

  @Test(
    "an event is called by its event line, else by what it brings",
    arguments: [
      ("message", GeminiStream.part(#""text":"a""#), "delta"),
      ("message", GeminiStream.part(#""text":"a""#, #","finishReason":"STOP""#), "finish"),
      ("message", #"{"candidates":[{},{"finishReason":"STOP"}]}"#, "finish"),
      ("message", #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{}}"#, "finish"),
      ("message", #"{"usageMetadata":{"promptTokenCount":1}}"#, "usage"),
      ("message", #"{"candidates":[],"usageMetadata":{}}"#, "usage"),
      ("message", GeminiStream.chunk(#""index":0"#, #","usageMetadata":{}"#), "delta"),
      ("message", #"{"error":{"code":500}}"#, "error"), ("message", "[DONE]", "done"),
      ("message", #"{"type":"tapedeck_unknown"}"#, "delta"), ("message", "{", "delta"),
      ("error", GeminiStream.chunk(#""finishReason":"STOP""#), "error"),
      ("finish", "", "finish"),
    ])
  func names(type: String, data: String, name: String) {
    #expect(dialect.name(of: ServerSentEvent(type: type, data: data)) == name)
    #expect(!dialect.isTerminal(ServerSentEvent(type: type, data: data)))
  }

  @Test(
    "an answer has the status word that goes with its status",
    arguments: [
      (400, "INVALID_ARGUMENT"), (401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED"),
      (404, "NOT_FOUND"), (429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE"),
      (529, "INTERNAL"),
    ])
  func reply(status: Int, word: String) {
    let reply = dialect.reply(to: APIError(status: status, message: "é"))
    #expect(reply.status == status)
    #expect(reply.headers == [.init("content-type", "application/json")])
    #expect(
      String(decoding: reply.body, as: UTF8.self)
        == #"{"error":{"code":\#(status),"message":"é","status":"\#(word)"}}"#)
  }

  @Test("a type takes the place of the word, and the time to wait stands in the body too")
  func typedReply() {
    let error = APIError(
      status: 429, type: "ABORTED", message: "m", retryAfter: .milliseconds(1500))
    let reply = dialect.reply(to: error)
    #expect(
      String(decoding: reply.body, as: UTF8.self)
        == #"{"error":{"code":429,"message":"m","status":"ABORTED","details":["#
        + #"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"}]}}"#)
    #expect(
      reply.headers == [
        .init("content-type", "application/json"), .init("retry-after-ms", "1500"),
        .init("retry-after", "2"),
      ])
  }

  @Test("what it sends inside a stream is what the state takes for it")
  func events() {
    let error = dialect.errorEvent(type: "UNAVAILABLE", message: "m")
    #expect(
      String(decoding: error, as: UTF8.self)
        == "data: {\"error\":{\"code\":500,\"message\":\"m\",\"status\":\"UNAVAILABLE\"}}\n\n")
    #expect(String(decoding: dialect.ping, as: UTF8.self) == ": ping\n\n")
    var accumulator = MessageAccumulator(dialect)
    for event in EventIndex(body: dialect.ping + dialect.unknownEvent + error, chunkEnds: []).events
    {
      accumulator.take(event)
    }
    #expect(accumulator.log.unrecognized == [.object([.init("type", .string("tapedeck_unknown"))])])
    #expect(
      accumulator.message?.bytes == Array(#"{"unrecognized":[{"type":"tapedeck_unknown"}]}"#.utf8))
    #expect(accumulator.completeness == .incomplete("an error came: UNAVAILABLE: m"))
    #expect(accumulator.log.problemCount == 0)
  }
}
