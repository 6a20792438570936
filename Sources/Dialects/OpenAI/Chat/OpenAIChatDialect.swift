internal import EventStream
internal import JSON

/// The streams of OpenAI's Chat Completions API: `POST /v1/chat/completions`.
struct OpenAIChatDialect: Dialect {
  let name = "openai-chat"

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.path.hasSuffix("/chat/completions") { return .path }
    return nil
  }

  func makeState() -> any MessageState { PlainState() }

  func name(of event: ServerSentEvent) -> String { event.type }

  func isTerminal(_ event: ServerSentEvent) -> Bool { event.data.hasPrefix("[DONE]") }

  func reply(to error: APIError) -> ErrorReply { OpenAIErrors.reply(to: error) }

  func errorEvent(type: String, message: String) -> [UInt8] {
    let detail = OpenAIErrors.detail(type: type, message: message, code: .null)
    return EventText.event(nil, .object([.init("error", detail)]))
  }

  var ping: [UInt8] { EventText.commentPing }

  var unknownEvent: [UInt8] {
    EventText.event(
      nil, .object([.init("object", .string("tapedeck.unknown")), .init("choices", .array([]))]))
  }
}
