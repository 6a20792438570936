internal import LosslessJSON

extension AnthropicState {
  var content: [MessagePart] {
    guard let elements = message?["content"]?.elements else { return [] }
    return zip(elements, blocks).enumerated().map { position, pair in
      let input = pair.1.inputIndex.flatMap { inputs[$0] }
      let isOwn = input?.block == position && input?.sent.isEmpty == false
      return Self.part(of: pair.0, pair.1, sent: isOwn ? input?.sent : nil)
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
