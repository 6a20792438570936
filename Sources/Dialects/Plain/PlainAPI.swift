internal import EventStream
internal import LosslessJSON

/// An API without a dialect of its own whose streams are read all the same: for their text, why
/// they stopped, and whether they are whole.
enum PlainAPI: Sendable {
  /// OpenAI's old `/v1/completions`, and the servers that have it still.
  case completions
  /// Cohere's chat, both versions of it.
  case cohere
  /// Ollama's own `/api/chat` and `/api/generate`.
  case ollama
  /// Bedrock's `ConverseStream`.
  case converse

  /// The API of an exchange: by its first events, else by its path.
  init?(_ evidence: DialectEvidence) {
    let found = evidence.firstEvents.lazy.compactMap(Self.init).first ?? Self(path: evidence.path)
    guard let found else { return nil }
    self = found
  }

  private init?(_ event: ServerSentEvent) {
    if Self.converseEvents.contains(event.type) {
      self = .converse
      return
    }
    guard let data = try? JSONValue(parsing: event.data, nesting: 512) else { return nil }
    if data.has("object", "text_completion") {
      self = .completions
    } else if data["type"]?.text == "message-start" || data["event_type"]?.text != nil {
      self = .cohere
    } else if case .bool? = data["done"], data["message"] != nil || data["response"] != nil {
      self = .ollama
    } else {
      return nil
    }
  }

  private init?(path: String) {
    if path.hasSuffix("/completions"), !path.hasSuffix("/chat/completions") {
      self = .completions
    } else if path.hasSuffix("/v2/chat") || path.hasSuffix("/v1/chat") {
      self = .cohere
    } else if path.hasSuffix("/api/chat") || path.hasSuffix("/api/generate") {
      self = .ollama
    } else if path.hasSuffix("/converse-stream") {
      self = .converse
    } else {
      return nil
    }
  }

  private static let converseEvents: Set<String> = [
    "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop",
  ]
}
