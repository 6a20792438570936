internal import JSON

extension AnthropicState {
  var content: [MessagePart] {
    guard let elements = message?["content"]?.elements else { return [] }
    var sent: [Int: [UInt8]] = [:]
    for input in inputs.values where !input.sent.isEmpty { sent[input.block] = input.sent }
    return zip(elements, blocks).enumerated().map { position, pair in
      Self.part(of: pair.0, pair.1, sent: sent[position])
    }
  }

  private static func part(
    of element: JSONValue, _ block: AnthropicBlock, sent: [UInt8]?
  ) -> MessagePart {
    switch block.kind {
    case .text: MessagePart(.text, element["text"]?.stringBytes ?? [])
    case .thinking: MessagePart(.thinking, element["thinking"]?.stringBytes ?? [])
    case .tool:
      MessagePart(
        .toolCall, name: element["name"]?.text ?? "", sent ?? element["input"]?.bytes ?? [])
    case .compaction, .whole, .unknown:
      MessagePart(.other, name: block.type, element.bytes)
    }
  }
}
