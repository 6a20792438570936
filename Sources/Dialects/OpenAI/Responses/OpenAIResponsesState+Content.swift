internal import LosslessJSON

extension OpenAIResponsesState {
  /// What the items of the output say, in their order.
  var content: [MessagePart] {
    (lost ?? message?["output"]?.elements ?? []).flatMap { Self.parts(of: $0) }
  }

  /// What an item says.
  static func parts(of item: JSONValue) -> [MessagePart] {
    switch item["type"]?.text {
    case "message"?: (item["content"]?.elements ?? []).map { part(of: $0) }
    case "reasoning"?:
      ["summary", "content"].flatMap { item[$0]?.elements ?? [] }.map {
        MessagePart(.thinking, $0["text"]?.stringBytes ?? [])
      }
    case "function_call"?, "mcp_call"?: [call(item, "arguments")]
    case "custom_tool_call"?: [call(item, "input")]
    case let type: [MessagePart(.other, name: type ?? "", item.bytes)]
    }
  }

  private static func part(of content: JSONValue) -> MessagePart {
    switch content["type"]?.text {
    case "output_text"?: MessagePart(.text, content["text"]?.stringBytes ?? [])
    case "refusal"?: MessagePart(.refusal, content["refusal"]?.stringBytes ?? [])
    case let type: MessagePart(.other, name: type ?? "", content.bytes)
    }
  }

  private static func call(_ item: JSONValue, _ key: String) -> MessagePart {
    MessagePart(.toolCall, name: item["name"]?.text ?? "", item[key]?.stringBytes ?? [])
  }
}

extension OpenAIResponsesState {
  static let lacks = "lacks what was streamed"

  /// What is wrong with the output of a response that ended, beside the items that were streamed.
  static func contradiction(_ output: [JSONValue], _ streamed: [JSONValue]) -> String? {
    let (before, after) = (said(streamed), said(output))
    if before.isEmpty || before == after { return nil }
    // A part that is there, and says more or something else, is the API's last word.
    return after.count < before.count && after.allSatisfy(before.contains)
      ? lacks : "differs from what was streamed"
  }

  /// What items say, but for the model's thinking, of which servers may keep back what they
  /// streamed.
  static func said(_ items: [JSONValue]) -> [MessagePart] {
    let kinds: Set<MessagePart.Kind> = [.text, .refusal, .toolCall]
    return items.flatMap { parts(of: $0) }.filter {
      kinds.contains($0.kind) && !$0.bytes.isEmpty
    }
  }
}
