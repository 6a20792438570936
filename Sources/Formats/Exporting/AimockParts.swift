internal import Dialects
internal import LosslessJSON

/// The parts of a message as a fixture of aimock has them.
struct AimockParts {
  /// The members of a response.
  let members: [JSONValue.Member]

  init(_ parts: [MessagePart]) {
    var text: [UInt8] = []
    var reasoning: [UInt8] = []
    var calls: [JSONValue] = []
    var blocks: [JSONValue] = []
    // Where a call stands before a text, only blocks can say so.
    var isMixed = false
    for part in parts {
      switch part.kind {
      case .thinking: reasoning += part.bytes
      case .toolCall:
        let call: [JSONValue.Member] = [
          .init("name", text: part.name),
          .init("arguments", .string(part.bytes.isEmpty ? Array("{}".utf8) : part.bytes)),
        ]
        calls.append(.object(call))
        blocks.append(.object([.init("type", text: "toolCall")] + call))
      case .text where !part.bytes.isEmpty:
        isMixed = isMixed || !calls.isEmpty
        text += part.bytes
        blocks.append(.object([.init("type", text: "text"), .init("text", .string(part.bytes))]))
      case .text, .refusal, .other: break
      }
    }
    var members: [JSONValue.Member] = []
    if isMixed { members.append(.init("blocks", .array(blocks))) }
    if !isMixed, !text.isEmpty || calls.isEmpty { members.append(.init("content", .string(text))) }
    if !isMixed, !calls.isEmpty { members.append(.init("toolCalls", .array(calls))) }
    if !reasoning.isEmpty { members.append(.init("reasoning", .string(reasoning))) }
    self.members = members
  }
}
