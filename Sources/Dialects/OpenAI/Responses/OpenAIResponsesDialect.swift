internal import EventStream
internal import JSON

/// The streams of OpenAI's Responses API: `POST /v1/responses`.
struct OpenAIResponsesDialect: Dialect {
  let name = "openai-responses"

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.path.hasSuffix("/responses") { return .path }
    return nil
  }

  func makeState() -> any MessageState { PlainState() }

  func name(of event: ServerSentEvent) -> String { event.type }

  func isTerminal(_ event: ServerSentEvent) -> Bool {
    ["response.completed", "response.incomplete", "response.failed"].contains(event.type)
  }

  func reply(to error: APIError) -> ErrorReply { OpenAIErrors.reply(to: error) }

  func errorEvent(type: String, message: String) -> [UInt8] {
    EventText.event(
      "error",
      .object([
        .init("type", .string("error")), .init("code", .string(type)),
        .init("message", .string(message)), .init("param", .null),
        .init("sequence_number", .number(0)),
      ]))
  }

  var ping: [UInt8] { EventText.commentPing }

  var unknownEvent: [UInt8] {
    EventText.event("tapedeck_unknown", .object([.init("type", .string("tapedeck_unknown"))]))
  }
}
