internal import EventStream
internal import LosslessJSON

/// The streams of OpenAI's Chat Completions API, `POST /v1/chat/completions`, and of the many
/// servers that speak as it does.
struct OpenAIChatDialect: Dialect {
  let name = "openai-chat"

  /// Headers say nothing: OpenAI sends the same ones with everything that it streams.
  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.firstEvents.contains(where: Self.isChunk) { return .events }
    return evidence.path.hasSuffix("/chat/completions") ? .path : nil
  }

  func makeState() -> any MessageState { OpenAIChatState() }

  func name(of event: ServerSentEvent) -> String {
    guard event.type == "message" else { return event.type }
    if OpenAIChatState.isDone(event) { return "done" }
    guard let chunk = try? JSONValue(parsing: event.data, nesting: 512) else {
      return "delta"
    }
    if ErrorWords.inChunk(chunk) != nil { return "error" }
    let choices = chunk["choices"]?.elements ?? []
    if choices.contains(where: ChatChunk.isFinished) { return "finish" }
    return choices.isEmpty && !(chunk["usage"]?.isNull ?? true) ? "usage" : "delta"
  }

  /// The SDK raises at an error, and stops at `[DONE]`.
  func isTerminal(_ event: ServerSentEvent) -> Bool {
    if OpenAIChatState.isDone(event) { return true }
    let chunk = try? JSONValue(parsing: event.data, nesting: 512)
    return ErrorWords.inChunk(chunk) != nil
  }

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

  /// Whether an event is a chunk; those that Azure's filters send have an empty `object`.
  private static func isChunk(_ event: ServerSentEvent) -> Bool {
    guard let chunk = try? JSONValue(parsing: event.data, nesting: 512),
      let object = chunk["object"]?.text
    else { return false }
    return object == "chat.completion.chunk" || object.isEmpty && chunk["choices"]?.elements != nil
  }
}
