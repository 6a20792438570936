internal import EventStream
internal import LosslessJSON

/// The streams of Anthropic's Messages API: `POST /v1/messages`.
struct AnthropicDialect: Dialect {
  let name = "anthropic"

  /// Event types that no other API has.
  private static let ownEvents: Set<String> = [
    "message_start", "content_block_start", "content_block_delta", "content_block_stop",
  ]

  /// What ends a path that carries the model's name, on the platforms that serve it.
  private static let platformEndings = [
    ":streamRawPredict", "%3AstreamRawPredict", "/invoke-with-response-stream",
  ]

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.firstEvents.contains(where: { Self.ownEvents.contains($0.type) }) {
      return .events
    }
    let path = evidence.path
    if path.hasSuffix("/v1/messages") { return .path }
    if Self.platformEndings.contains(where: { path.hasSuffix($0) }) {
      return path.contains("anthropic") || path.contains("claude") ? .path : nil
    }
    // A gateway may leave the version away, but there are other APIs that have messages.
    if path.hasSuffix("/messages"), !path.contains("/threads/") { return .header }
    return evidence.headerNames.contains("anthropic-version") ? .header : nil
  }

  func makeState() -> any MessageState { AnthropicState() }

  /// The type in the data where a gateway has left the `event:` line away.
  func name(of event: ServerSentEvent) -> String {
    guard event.type == "message", let data = try? JSONValue(parsing: event.data, nesting: 512)
    else { return event.type }
    return data[last: "type"]?.text ?? event.type
  }

  func isTerminal(_ event: ServerSentEvent) -> Bool {
    event.type == "message_stop" || event.type == "error"
  }

  func reply(to error: APIError) -> ErrorReply { AnthropicErrors.reply(to: error) }

  func errorEvent(type: String, message: String) -> [UInt8] {
    EventText.event("error", AnthropicErrors.inStream(type: type, message: message))
  }

  var ping: [UInt8] { Array("event: ping\ndata: {\"type\": \"ping\"}\n\n".utf8) }

  var unknownEvent: [UInt8] {
    EventText.event("tapedeck_unknown", .object([.init("type", .string("tapedeck_unknown"))]))
  }
}
