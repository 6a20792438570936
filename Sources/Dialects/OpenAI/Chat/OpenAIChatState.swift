internal import EventStream
internal import JSON

/// A completion that is put together from chunks, as the SDK's `ChatCompletionStreamState` does.
///
/// The first chunk becomes the completion. Of later ones only the choices, the usage, the fingerprint
/// and the moderation count; their other fields are repetitions, and the SDK passes over them.
struct OpenAIChatState: MessageState {
  /// The completion so far; null before the first chunk.
  private var completion = JSONValue.null

  /// Where the choice of an index stands among the choices.
  private var places: [Int: Int] = [:]

  /// What an error said; nothing is added behind it.
  private var failure: String?
  private var isDone = false

  /// The last usage that was sent: the completion loses it when a chunk without one follows.
  private(set) var usage: JSONValue?

  /// Whether the SDK takes an event for the end.
  static func isDone(_ event: ServerSentEvent) -> Bool { event.data.hasPrefix("[DONE]") }

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if Self.isDone(event) {
      if isDone { log.note("it comes behind [DONE]") }
      isDone = true
      return []
    }
    guard !isDone, failure == nil else {
      log.note(isDone ? "it comes behind [DONE]" : "it comes behind an error")
      return []
    }
    guard let chunk = log.object(of: event) else { return [] }
    if let text = OpenAIErrors.failure(in: chunk) {
      failure = text
      return []
    }
    switch chunk["object"] ?? .null {
    case .string(let object) where object.elementsEqual("chat.completion.chunk".utf8): break
    // What Azure's filter says later of what it has let through.
    case .string([]): return []
    default:
      if chunk["object"] == nil { log.note("it has no `object`, so the SDK passes over it") }
      log.keep(chunk, bytes: event.data.utf8.count)
      return []
    }
    return accumulate(chunk, log: &log)
  }

  var message: JSONValue? { completion.isNull ? nil : completion }

  var stopReason: String? {
    guard let place = places[0] ?? places.values.min() else { return nil }
    return choices[place]["finish_reason"]?.text
  }

  /// Whole is what has a reason to finish in every choice, with `[DONE]` or without.
  var completeness: Completeness {
    if let failure { return .incomplete("an error came: \(failure)") }
    if completion.isNull { return .incomplete("no chunk came") }
    if choices.isEmpty { return .incomplete("no choice came") }
    for (place, choice) in choices.enumerated() where !Self.isFinished(choice) {
      if choices.count == 1 { return .incomplete("no finish_reason came") }
      return .incomplete("choice \(choice["index"]?.integer ?? place) has no finish_reason")
    }
    return .complete
  }

  /// The choices in the order in which they came.
  var choices: [JSONValue] { completion["choices"]?.elements ?? [] }

  private static func isFinished(_ choice: JSONValue) -> Bool {
    choice["finish_reason"]?.stringBytes.map { !$0.isEmpty } ?? false
  }
}

extension OpenAIChatState {
  private mutating func accumulate(_ chunk: JSONValue, log: inout MessageLog) -> [UInt8] {
    let isFirst = completion.isNull
    if isFirst {
      completion = chunk
      completion.remove("obfuscation")
      completion.set("object", to: .string("chat.completion"))
      completion.set("choices", to: .array([]))
    }
    if let usage = chunk["usage"], !usage.isNull { self.usage = usage }
    var text: [UInt8] = []
    if let choices = chunk["choices"]?.elements {
      for choice in choices { text += take(choice: choice, inFirst: isFirst, log: &log) }
    } else {
      log.note("it has no choices")
    }
    guard !isFirst else { return text }
    for key in ["usage", "system_fingerprint"] {
      // The SDK sets a null where a chunk has none: that is only the SDK's word.
      if let value = chunk[key] {
        completion.set(key, to: value)
      } else if completion[key] != nil {
        completion.set(key, to: .null)
      }
    }
    if let moderation = chunk["moderation"], !moderation.isNull {
      completion.set("moderation", to: moderation)
    }
    return text
  }

  /// Adds the delta of a choice and returns its text.
  private mutating func take(
    choice: JSONValue, inFirst isFirst: Bool, log: inout MessageLog
  ) -> [UInt8] {
    guard choice.members != nil else {
      log.note("a choice is no object")
      return []
    }
    let index = choice["index"]?.integer
    if index == nil { log.note("a choice has no index") }
    var delta = choice["delta"] ?? .null
    if delta.members == nil {
      log.note("a choice has no delta")
      delta = .object([])
    }
    let known = places[index ?? 0]
    let place = known ?? choices.count
    if known == nil {
      if index ?? 0 != place { log.note("choice \(index ?? 0) does not come in its order") }
      places[index ?? 0] = place
    }
    _ = completion.update("choices") { choices in
      choices.withElements { choices in
        if known == nil { choices.append(Self.opened(choice)) }
        Self.accumulate(delta.members ?? [], into: &choices[place], log: &log)
        // The SDK adds the first log probabilities twice to a choice that is not in the first chunk.
        if known != nil || !isFirst { Self.finish(&choices[place], with: choice, log: &log) }
      }
    }
    return delta["content"]?.stringBytes ?? []
  }

  /// A new choice: all that its first chunk says of it, and a message for the delta.
  private static func opened(_ choice: JSONValue) -> JSONValue {
    var choice = choice
    choice.remove("delta")
    choice.set("message", to: .object([]))
    return choice
  }

  private static func accumulate(
    _ delta: [JSONValue.Member], into choice: inout JSONValue, log: inout MessageLog
  ) {
    choice.update("message") { message in
      _ = message.withMembers { message in
        for member in delta {
          // Servers that repeat the role in every chunk do not mean to add it up.
          if member.hasKey("role"),
            message.contains(where: { $0.hasKey("role") && $0.value.stringBytes?.isEmpty == false })
          {
            continue
          }
          if member.hasKey("tool_calls") { Self.check(calls: member.value, log: &log) }
          DeltaMerge.merge(member, into: &message, log: &log)
        }
      }
    }
  }

  private static func check(calls: JSONValue, log: inout MessageLog) {
    for call in calls.elements ?? [] where call["function"] == nil && call["custom"] == nil {
      log.note("a tool call has no function")
    }
  }

  private static func finish(
    _ choice: inout JSONValue, with chunk: JSONValue, log: inout MessageLog
  ) {
    if let reason = chunk["finish_reason"], reason.stringBytes?.isEmpty == false {
      choice.set("finish_reason", to: reason)
    }
    guard let more = chunk["logprobs"], !more.isNull else { return }
    guard let members = more.members else { return log.note("`logprobs` is no object") }
    let lists = members.filter { $0.hasKey("content") || $0.hasKey("refusal") }
    choice.update("logprobs") { logprobs in
      guard !logprobs.isNull else {
        logprobs = .object(lists)
        return
      }
      for list in lists {
        guard case .array(let entries) = list.value, !entries.isEmpty else { continue }
        logprobs.update(String(decoding: list.key, as: UTF8.self)) { list in
          if list.withElements({ $0 += entries }) == nil { list = .array(entries) }
        }
      }
    }
  }
}
