internal import LosslessJSON

/// How far a choice has come: what its chunks say beside their deltas.
struct ChatChoiceProgress: Sendable {
  /// What an error of the choice said.
  private(set) var failure: String?

  private var reason: [UInt8]?
  private var isLookedAt = false
  private var calls = ChatToolCalls()

  /// Takes what a chunk says of the choice.
  mutating func take(
    _ choice: [JSONValue.Member], delta: [JSONValue.Member]?, log: inout MessageLog
  ) {
    if reason != nil, let kind = Self.content(of: delta ?? []) {
      log.notice("\(kind) comes after a finish_reason, where some clients stop reading")
    }
    Self.noteTypes(of: delta ?? [], log: &log)
    if let pieces = delta?.value(of: "tool_calls") { calls.take(pieces, log: &log) }
    let error = ErrorWords.failure(in: choice.value(of: "error"))
    let said = choice.value(of: "finish_reason")?.stringBytes.flatMap { $0.isEmpty ? nil : $0 }
    if let said {
      if let reason, reason != said {
        log.notice(
          "the finish_reason is \(String(decoding: said, as: UTF8.self)), and was "
            + "\(String(decoding: reason, as: UTF8.self)) before")
      }
      reason = said
    }
    let hasFailed = said.map { $0.elementsEqual("error".utf8) } ?? false
    guard failure == nil, error != nil || hasFailed else { return }
    failure = error ?? "the finish_reason is error"
  }

  /// Looks at the choice as it is, once it has a reason to have finished.
  mutating func look(at choice: [JSONValue.Member], log: inout MessageLog) {
    guard reason != nil, !isLookedAt else { return }
    isLookedAt = true
    let calls = choice.value(of: "message")?.value(of: "tool_calls")?.elements ?? []
    ChatToolCalls.checkEnded(calls, log: &log)
  }

  /// Says where what must be a string is none: a client that joins strings raises, or loses it.
  private static func noteTypes(of delta: [JSONValue.Member], log: inout MessageLog) {
    for key: StaticString in ["content", "refusal"] {
      switch delta.value(of: key) {
      case nil, .null?, .string?, .array?: continue
      case let value?: log.note("the \(key) of a delta is \(value.kindNoun), not a string")
      }
    }
  }

  /// What kind of content a delta has; nil for none.
  private static func content(of delta: [JSONValue.Member]) -> String? {
    for (key, kind): (StaticString, String) in [
      ("content", "text"), ("tool_calls", "a tool call"), ("reasoning_content", "thinking"),
      ("reasoning", "thinking"), ("refusal", "a refusal"), ("function_call", "a function call"),
    ] {
      switch delta.value(of: key) {
      case nil, .null?, .string([])?, .array([])?, .object([])?: continue
      default: return kind
      }
    }
    return nil
  }
}
