internal import LosslessJSON

/// A place in an output item that deltas add text to.
enum ResponsesField: Hashable, Sendable {
  case text
  case refusal
  case reasoning
  case summary
  case command
  case arguments
  case mcpArguments
  case input
  case code

  /// The type of the items that have it.
  var item: StaticString {
    switch self {
    case .text, .refusal: "message"
    case .reasoning, .summary: "reasoning"
    case .command: "shell_call"
    case .arguments: "function_call"
    case .mcpArguments: "mcp_call"
    case .input: "custom_tool_call"
    case .code: "code_interpreter_call"
    }
  }

  /// The type of the part that has it, and the key of an event that numbers the part; nil for what
  /// belongs to the item itself, and for a command, which is a string in a list.
  var part: (type: StaticString, index: StaticString)? {
    switch self {
    case .text: ("output_text", "content_index")
    case .refusal: ("refusal", "content_index")
    case .reasoning: ("reasoning_text", "content_index")
    case .summary: ("summary_text", "summary_index")
    case .command, .arguments, .mcpArguments, .input, .code: nil
    }
  }

  /// The key of the text, in the part or the item, and in the event that says it whole.
  var key: StaticString {
    switch self {
    case .text, .reasoning, .summary: "text"
    case .refusal: "refusal"
    case .command: "command"
    case .arguments, .mcpArguments: "arguments"
    case .input: "input"
    case .code: "code"
    }
  }
}

extension ResponsesField {
  /// Changes the list of parts of an item, which is made where there is none.
  func changeList(of item: inout JSONValue, _ body: (inout [JSONValue]) -> Void) {
    switch self {
    case .command: item.change("action") { $0.change("commands") { $0.changeElements(body) } }
    case .summary: item.change("summary") { $0.changeElements(body) }
    default: item.change("content") { $0.changeElements(body) }
    }
  }

  /// Changes the text that an event tells of.
  func change(
    _ item: inout JSONValue, event: JSONValue, log: inout MessageLog,
    _ body: (inout JSONValue) -> Void
  ) {
    changePart(of: &item, event: event, log: &log) { part in
      if self == .command { body(&part) } else { part.change(key, body) }
    }
  }

  /// Changes the part that has the text, or the item itself.
  ///
  /// Where there is no such part, it is made; the deltas that follow then go to the last part.
  func changePart(
    of item: inout JSONValue, event: JSONValue, log: inout MessageLog,
    _ body: (inout JSONValue) -> Void
  ) {
    guard part != nil || self == .command else { return body(&item) }
    let index = event.value(of: part?.index ?? "command_index")?.integer ?? -1
    changeList(of: &item) { parts in
      if parts.indices.contains(index), isOwn(parts[index]) { return body(&parts[index]) }
      log.note("no \(part?.type ?? key) began as part \(index) of the item")
      if parts.last.map(isOwn) != true { parts.append(empty) }
      body(&parts[parts.count - 1])
    }
  }

  private func isOwn(_ value: JSONValue) -> Bool {
    part.map { value.has("type", $0.type) } ?? (value.stringBytes != nil)
  }

  /// A part of which only the deltas came.
  private var empty: JSONValue {
    guard let part else { return .string([]) }
    return .object([
      .init("type", .string(part.type.description)), .init(key.description, .string([])),
    ])
  }
}
