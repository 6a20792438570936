internal import LosslessJSON

/// An answer as the events of Anthropic's Messages API.
struct AnthropicStream {
  /// The events.
  private(set) var events: [[UInt8]] = []

  private let answer: MadeAnswer
  private var index = 0

  init(_ answer: MadeAnswer) {
    self.answer = answer
    let usage = answer.usage
    add(
      "message_start",
      (
        "message",
        .members(
          ("id", .string(answer.id ?? "msg_tapedeck")), ("type", .string("message")),
          ("role", .string("assistant")), ("model", .string(answer.model ?? "claude")),
          ("content", .array([])), ("stop_reason", .null), ("stop_sequence", .null),
          (
            "usage",
            .members(
              ("input_tokens", .number(usage?.input ?? 0)), ("output_tokens", .number(0)))
          ))
      ))
    for part in answer.parts { add(part) }
    add(
      "message_delta",
      ("delta", .members(("stop_reason", .string(stopReason)), ("stop_sequence", .null))),
      ("usage", .members(("output_tokens", .number(usage?.output ?? 0)))))
    add("message_stop")
  }

  private mutating func add(_ part: MadeAnswer.Part) {
    switch part {
    case .reasoning(let text, let signature):
      open(
        .members(
          ("type", .string("thinking")), ("thinking", .string("")), ("signature", .string(""))))
      for piece in answer.pieces(of: text) {
        delta("thinking_delta", "thinking", .string(piece))
      }
      if let signature { delta("signature_delta", "signature", .string(signature)) }
    case .text(let text):
      open(.members(("type", .string("text")), ("text", .string(""))))
      for piece in answer.pieces(of: text) { delta("text_delta", "text", .string(piece)) }
    case .call(let id, let name, let arguments):
      open(
        .members(
          ("type", .string("tool_use")), ("id", .string(id)), ("name", .string(name)),
          ("input", .object([]))))
      for piece in answer.pieces(of: arguments) {
        delta("input_json_delta", "partial_json", .string(piece))
      }
    }
    add("content_block_stop", ("index", .number(index)))
    index += 1
  }

  private mutating func open(_ block: JSONValue) {
    add("content_block_start", ("index", .number(index)), ("content_block", block))
  }

  private mutating func delta(_ type: String, _ key: String, _ value: JSONValue) {
    add(
      "content_block_delta", ("index", .number(index)),
      ("delta", .members(("type", .string(type)), (key, value))))
  }

  private mutating func add(_ type: String, _ members: (String, JSONValue)...) {
    let all = [("type", JSONValue.string(type))] + members
    events.append(MadeEvent.bytes(type, .object(all.map { .init($0, $1) })))
  }

  private var stopReason: String {
    switch answer.finishReason {
    case "stop": "end_turn"
    case "length": "max_tokens"
    case "tool_calls", "function_call": "tool_use"
    case "content_filter": "refusal"
    case let other: other
    }
  }
}
