internal import LosslessJSON

/// What the state knows of a content block beside its JSON.
struct AnthropicBlock: Sendable {
  /// The kinds of blocks that take deltas.
  enum Kind: Sendable {
    case text
    case thinking
    /// A call of a tool, whoever runs it.
    case tool
    case compaction
    /// A type that the SDK has, but to which nothing is added.
    case whole
    case unknown
  }

  /// What may be added to it.
  let kind: Kind

  /// The type as it was sent, for messages.
  let type: String

  /// Whether its `content_block_stop` is still to come.
  var isOpen: Bool

  /// The index that the last piece of its input named; nil where there is none.
  var inputIndex: Int?

  /// Looks at a block as it was sent.
  init(_ block: JSONValue, isOpen: Bool) {
    type = block["type"]?.text ?? "no type"
    self.isOpen = isOpen
    switch type {
    case "text": kind = .text
    case "thinking": kind = .thinking
    case "tool_use", "server_tool_use", "mcp_tool_use": kind = .tool
    case "compaction": kind = .compaction
    case "redacted_thinking", "fallback", "container_upload": kind = .whole
    default: kind = type.hasSuffix("_tool_result") ? .whole : .unknown
    }
  }
}
