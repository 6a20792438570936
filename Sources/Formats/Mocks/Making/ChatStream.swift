internal import LosslessJSON

/// An answer as the chunks of OpenAI's chat completions.
struct ChatStream {
  /// The events.
  private(set) var events: [[UInt8]] = []

  private let answer: MadeAnswer

  init(_ answer: MadeAnswer) {
    self.answer = answer
    add(delta: .members(("role", .string("assistant")), ("content", .string(""))))
    var call = 0
    for part in answer.parts {
      switch part {
      case .reasoning(let text, _):
        for piece in answer.pieces(of: text) {
          add(delta: .members(("reasoning_content", .string(piece))))
        }
      case .text(let text):
        for piece in answer.pieces(of: text) { add(delta: .members(("content", .string(piece)))) }
      case .call(let id, let name, let arguments):
        addCall(call, id, name, arguments)
        call += 1
      }
    }
    add(delta: .object([]), finish: .string(answer.finishReason))
    if let usage = answer.usage {
      add(
        choices: [],
        .members(
          ("prompt_tokens", .number(usage.input)), ("completion_tokens", .number(usage.output)),
          ("total_tokens", .number(usage.input &+ usage.output))))
    }
    events.append(Array("data: [DONE]\n\n".utf8))
  }

  private mutating func addCall(
    _ index: Int, _ id: String, _ name: String, _ arguments: [UInt8]
  ) {
    let function = JSONValue.members(("name", .string(name)), ("arguments", .string("")))
    let opening = JSONValue.members(
      ("index", .number(index)), ("id", .string(id)), ("type", .string("function")),
      ("function", function))
    add(delta: .members(("tool_calls", .array([opening]))))
    for piece in answer.pieces(of: arguments) {
      let more = JSONValue.members(
        ("index", .number(index)), ("function", .members(("arguments", .string(piece)))))
      add(delta: .members(("tool_calls", .array([more]))))
    }
  }

  private mutating func add(delta: JSONValue, finish: JSONValue = .null) {
    add(choices: [
      .members(("index", .number(0)), ("delta", delta), ("finish_reason", finish))
    ])
  }

  private mutating func add(choices: [JSONValue], _ usage: JSONValue? = nil) {
    var chunk = JSONValue.members(
      ("id", .string(answer.id ?? "chatcmpl-tapedeck")),
      ("object", .string("chat.completion.chunk")), ("created", .number(answer.created)),
      ("model", .string(answer.model ?? "model")), ("choices", .array(choices)))
    if let usage { chunk.set("usage", to: usage) }
    events.append(MadeEvent.bytes(nil, chunk))
  }
}
