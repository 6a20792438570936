internal import LosslessJSON

/// An answer as the events of Gemini's `streamGenerateContent`.
struct GeminiStream {
  /// The events.
  private(set) var events: [[UInt8]] = []

  private let answer: MadeAnswer

  init(_ answer: MadeAnswer) {
    self.answer = answer
    for part in answer.parts {
      switch part {
      case .reasoning(let text, _):
        for piece in answer.pieces(of: text) {
          add(.members(("text", .string(piece)), ("thought", .bool(true))))
        }
      case .text(let text):
        for piece in answer.pieces(of: text) { add(.members(("text", .string(piece)))) }
      case .call(_, let name, let arguments):
        let values = (try? JSONValue(parsing: arguments, nesting: 512)) ?? .object([])
        add(.members(("functionCall", .members(("name", .string(name)), ("args", values)))))
      }
    }
    addEnd()
  }

  private mutating func addEnd() {
    let content = JSONValue.members(
      ("parts", .array([.members(("text", .string("")))])), ("role", .string("model")))
    var end = chunk(
      .members(
        ("content", content), ("finishReason", .string(finishReason)), ("index", .number(0))))
    if let usage = answer.usage {
      end.set(
        "usageMetadata",
        to: .members(
          ("promptTokenCount", .number(usage.input)),
          ("candidatesTokenCount", .number(usage.output)),
          ("totalTokenCount", .number(usage.input &+ usage.output))))
    }
    events.append(MadeEvent.bytes(nil, end))
  }

  private mutating func add(_ part: JSONValue) {
    let content = JSONValue.members(("parts", .array([part])), ("role", .string("model")))
    let chunk = chunk(.members(("content", content), ("index", .number(0))))
    events.append(MadeEvent.bytes(nil, chunk))
  }

  private func chunk(_ candidate: JSONValue) -> JSONValue {
    .members(
      ("candidates", .array([candidate])), ("modelVersion", .string(answer.model ?? "gemini")))
  }

  private var finishReason: String {
    switch answer.finishReason {
    case "stop", "tool_calls", "function_call": "STOP"
    case "length": "MAX_TOKENS"
    case "content_filter": "SAFETY"
    case let other: other
    }
  }
}
