internal import JSON

extension OpenAIResponsesState {
  /// What the items of the output say, in their order.
  var content: [MessagePart] {
    (message?["output"]?.elements ?? []).flatMap { Self.parts(of: $0) }
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
