internal import LosslessJSON

extension OpenAIChatState {
  /// Thinking, text, refusal, what nobody knows, and calls, choice by choice.
  var content: [MessagePart] {
    choices.enumerated().flatMap { place, choice in
      Self.parts(
        of: choice["message"]?.members ?? [], choice: choice["index"]?.integer ?? place)
    }
  }

  private static func parts(of message: [JSONValue.Member], choice: Int) -> [MessagePart] {
    var (thinking, said, calls): ([MessagePart], [MessagePart], [MessagePart]) = ([], [], [])
    for member in message where !isEmpty(member.value) {
      let key = String(decoding: member.key, as: UTF8.self)
      switch (key, member.value) {
      case ("reasoning_content", .string(let bytes)), ("reasoning", .string(let bytes)):
        // A router may send it under both names.
        let part = MessagePart(.thinking, bytes, choice: choice)
        if !thinking.contains(part) { thinking.append(part) }
      case ("content", .string(let bytes)):
        said.insert(MessagePart(.text, bytes, choice: choice), at: 0)
      case ("content", .array(let parts)):
        said.insert(contentsOf: parts.map { part(in: $0, choice: choice) }, at: 0)
      case ("refusal", .string(let bytes)):
        said.append(MessagePart(.refusal, bytes, choice: choice))
      case ("tool_calls", .array(let elements)):
        calls += elements.map { call(in: $0, choice: choice) }
      case ("function_call", .object): calls.append(part(for: member.value, choice: choice))
      case ("role", _), ("annotations", _), ("citations", _): break
      default: said.append(MessagePart(.other, name: key, member.value.bytes, choice: choice))
      }
    }
    return thinking + said + calls
  }

  /// A part of content that is a list.
  private static func part(in value: JSONValue, choice: Int) -> MessagePart {
    if ChatContent.isText(value) {
      return MessagePart(.text, ChatContent.text(ofPart: value), choice: choice)
    }
    let type = value["type"]?.text ?? ""
    return switch type {
    case "thinking": MessagePart(.thinking, ChatContent.thinking(of: value), choice: choice)
    default: MessagePart(.other, name: type, value.bytes, choice: choice)
    }
  }

  /// A call of a function, or of a tool of the user's own.
  private static func call(in value: JSONValue, choice: Int) -> MessagePart {
    for key in ["function", "custom"] {
      if let call = value[key], call.members != nil { return part(for: call, choice: choice) }
    }
    return MessagePart(
      .other, name: value["type"]?.text ?? "tool_calls", value.bytes, choice: choice)
  }

  private static func part(for call: JSONValue, choice: Int) -> MessagePart {
    MessagePart(
      .toolCall, name: call["name"]?.text ?? "",
      arguments(of: call), choice: choice)
  }

  /// The arguments as they were sent: JSON in a string, or, against the rules, an object itself.
  private static func arguments(of call: JSONValue) -> [UInt8] {
    switch call["arguments"] ?? call["input"] {
    case .string(let bytes)?: bytes
    case nil, .null?: []
    case let value?: value.bytes
    }
  }

  private static func isEmpty(_ value: JSONValue) -> Bool {
    switch value {
    case .null, .string([]), .array([]), .object([]): true
    default: false
    }
  }
}
