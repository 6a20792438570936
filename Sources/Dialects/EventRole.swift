package import EventStream
internal import LosslessJSON

/// What an event is to whoever puts the message together, in any dialect: what a place is called
/// after in a title, and by which the telling events are chosen.
package enum EventRole: Hashable, Sendable {
  /// The stream begins.
  case opening
  case text
  case thinking
  case toolStart
  case toolArguments
  case toolEnd
  case blockStart
  case blockEnd
  case keepAlive
  /// The event that says why the model stopped.
  case finish
  case usage
  /// The event behind which nothing of the message comes.
  case terminal
  /// Any other, by its name.
  case other(String)
}

extension EventRole {
  /// The roles of the events of a stream.
  ///
  /// - Parameters:
  ///   - events: The events, in order.
  ///   - dialect: What they mean.
  /// - Returns: A role for each event.
  package static func roles(
    of events: [ServerSentEvent], _ dialect: any Dialect
  ) -> [EventRole] {
    var reader = EventRoleReader(dialect)
    return events.map { reader.take($0).role }
  }

  /// The role that the members of an event tell of; nil where they tell of none.
  static func role(
    of data: JSONValue, _ name: String, isInTool: Bool
  ) -> EventRole? {
    if let choice = data["choices"]?.elements?.first { return ofChat(choice) }
    if let candidate = data["candidates"]?.elements?.first { return ofGemini(candidate) }
    switch name {
    case "usage": return .usage
    case "ping": return .keepAlive
    case "message_start", "response.created": return .opening
    case "content_block_start", "response.output_item.added":
      let item = data["content_block"] ?? data["item"]
      return isTool(item?["type"]?.text ?? "") ? .toolStart : .blockStart
    case "content_block_stop", "response.output_item.done": return isInTool ? .toolEnd : .blockEnd
    case "message_delta": return .finish
    case "content_block_delta":
      switch data["delta"]?["type"]?.text {
      case "text_delta"?: return .text
      case "input_json_delta"?: return .toolArguments
      case "thinking_delta"?, "signature_delta"?: return .thinking
      default: return nil
      }
    default: return name.hasSuffix(".delta") ? ofResponsesDelta(name) : nil
    }
  }

  private static func isTool(_ type: String) -> Bool {
    type.hasSuffix("tool_use") || type.hasSuffix("_call")
  }

  private static func ofResponsesDelta(_ name: String) -> EventRole? {
    if name.hasSuffix("output_text.delta") { return .text }
    if name.contains("arguments") { return .toolArguments }
    return name.contains("reasoning") ? .thinking : nil
  }

  private static func ofChat(_ choice: JSONValue) -> EventRole? {
    if let reason = choice["finish_reason"], reason != .null { return .finish }
    guard let delta = choice["delta"] else { return nil }
    if let call = delta["tool_calls"]?.elements?.first {
      return call["function"]?["name"]?.text == nil ? .toolArguments : .toolStart
    }
    for key in ["reasoning_content", "reasoning"] where !(delta[key]?.text ?? "").isEmpty {
      return .thinking
    }
    return nil
  }

  private static func ofGemini(_ candidate: JSONValue) -> EventRole? {
    if let reason = candidate["finishReason"], reason != .null { return .finish }
    let parts = candidate["content"]?["parts"]?.elements ?? []
    if parts.contains(where: { $0["functionCall"] != nil }) { return .toolStart }
    return parts.first?["thought"].map { $0 == .bool(true) ? .thinking : .text }
  }
}
