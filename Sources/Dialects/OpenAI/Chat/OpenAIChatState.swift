internal import EventStream
internal import LosslessJSON

/// A completion that is put together from chunks, as the SDK's `ChatCompletionStreamState` does.
///
/// The first chunk becomes the completion. Of later ones only the choices, the usage, the
/// fingerprint and the moderation count; their other fields are repetitions, and the SDK passes
/// over them.
struct OpenAIChatState: MessageState, ErrorTelling {
  /// The completion so far; null before the first chunk.
  private var completion = JSONValue.null

  /// Whether a chunk came.
  ///
  /// To ask the completion itself can make a copy that outlives the question, and then all of it is
  /// copied before it is changed.
  private var hasBegun = false

  /// Where the choice of an index stands among the choices.
  private var places: [Int: Int] = [:]

  /// What an error said; nothing is added behind it.
  private var failure: String?
  private var isDone = false

  /// Whether a chunk came that does not say that it is one.
  private var hasUnnamed = false

  /// What is known of each choice beside its JSON, by its place.
  private var progress: [ChatChoiceProgress] = []

  /// The last usage that was sent: the completion loses it when a chunk without one follows.
  private(set) var usage: JSONValue?

  /// Whether the SDK takes an event for the end.
  static func isDone(_ event: ServerSentEvent) -> Bool {
    event.data.utf8.first == UInt8(ascii: "[") && event.data.hasPrefix("[DONE]")
  }

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if Self.isDone(event) {
      if isDone { log.notice("it comes after [DONE]") }
      isDone = true
      return []
    }
    guard !isDone, failure == nil else {
      log.notice(isDone ? "it comes after [DONE]" : "it comes after an error")
      return []
    }
    guard let data = log.data(of: event) else { return [] }
    guard case .object(let chunk) = data, let members = chunk.members else {
      if case .failure(let words) = data { failure = words }
      return []
    }
    if let words = ChatChunk.failure(in: chunk, members, of: event) {
      failure = words
      return []
    }
    switch ChatChunk(members) {
    case .chunk: break
    case .annotation: return []
    case .unnamed(let object):
      // Every chunk of such a server is like that, so it is said once.
      if !hasUnnamed { log.notice(Self.oddity(of: object)) }
      hasUnnamed = true
    case .unknown:
      log.keep(chunk, bytes: event.data.utf8.count)
      return []
    }
    return accumulate(members, log: &log)
  }

  private static func oddity(of object: String?) -> String {
    let found = object.map { "its `object` is '\($0.prefix(60))'" } ?? "it has no `object`"
    return found + ", so clients that check it ignore the chunk"
  }

  var message: JSONValue? { hasBegun ? completion : nil }

  var stopReason: String? {
    guard let place = places[0] ?? places.values.min() else { return nil }
    return choices[place]["finish_reason"]?.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whole is what has a reason to finish in every choice, with `[DONE]` or without.
  var reportedError: String? { failure ?? progress.lazy.compactMap(\.failure).first }

  var completeness: Completeness {
    if let reportedError { return .incomplete("an error came: \(reportedError)") }
    if !hasBegun { return .incomplete("no chunk came") }
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
  private mutating func accumulate(
    _ chunk: [JSONValue.Member], log: inout MessageLog
  ) -> [UInt8] {
    let isFirst = !hasBegun
    if isFirst {
      hasBegun = true
      completion = .object(chunk)
      completion.remove("obfuscation")
      completion.set("object", to: .string("chat.completion"))
      completion.set("choices", to: .array([]))
    }
    var text: [UInt8] = []
    if let choices = chunk.value(of: "choices")?.elements {
      for choice in choices {
        let more = take(choice: choice, inFirst: isFirst, log: &log)
        // Adding to nothing would copy what can be a megabyte.
        if text.isEmpty { text = more } else { text += more }
      }
    } else if ChatChunk.isNamed(chunk) || chunk.value(of: "usage")?.members == nil {
      log.note("it has no choices")
    }
    let usage = chunk.value(of: "usage")
    if let usage, !usage.isNull { self.usage = usage }
    guard !isFirst else { return text }
    let fingerprint = chunk.value(of: "system_fingerprint")
    let moderation = chunk.value(of: "moderation")
    _ = completion.withMembers { completion in
      Self.overwrite("usage", of: &completion, with: usage)
      Self.overwrite("system_fingerprint", of: &completion, with: fingerprint)
      if let moderation, !moderation.isNull {
        completion.update("moderation") { $0 = moderation }
      }
    }
    return text
  }

  /// Sets what every chunk sets, be it to null: where a chunk has none, the null is only the SDK's
  /// word.
  private static func overwrite(
    _ key: StaticString, of completion: inout [JSONValue.Member], with value: JSONValue?
  ) {
    guard let place = completion.place(of: key) else {
      if let value { completion.append(.init(key.description, value)) }
      return
    }
    completion[place].value = value ?? .null
  }

  /// Adds the delta of a choice and returns its text.
  private mutating func take(
    choice: JSONValue, inFirst isFirst: Bool, log: inout MessageLog
  ) -> [UInt8] {
    guard let members = choice.members else {
      log.note("a choice is not an object")
      return []
    }
    let index = members.value(of: "index")?.integer
    if index == nil { log.note("a choice has no index") }
    let delta = ChatChunk.delta(of: members, log: &log)
    let known = places[index ?? 0]
    let place = known ?? places.count
    if known == nil {
      if index ?? 0 != place { log.note("choice \(index ?? 0) is out of order") }
      places[index ?? 0] = place
      progress.append(ChatChoiceProgress())
    }
    var progress = progress[place]
    progress.take(members, delta: delta, log: &log)
    _ = completion.withMembers { completion in
      completion.update("choices") { choices in
        _ = choices.withElements { choices in
          if known == nil { choices.append(Self.opened(choice)) }
          _ = choices[place].withMembers { choice in
            Self.accumulate(delta ?? [], into: &choice, log: &log)
            // The SDK adds the first log probabilities twice to a choice that begins later.
            if known != nil || !isFirst { Self.finish(&choice, with: members, log: &log) }
            progress.look(at: choice, log: &log)
          }
        }
      }
    }
    self.progress[place] = progress
    return delta.flatMap { $0.value(of: "content") }.map(ChatContent.text(of:)) ?? []
  }

  /// A new choice: all that its first chunk says of it, and a message for the delta.
  private static func opened(_ choice: JSONValue) -> JSONValue {
    var choice = choice
    choice.remove("delta")
    choice.set("message", to: .object([]))
    return choice
  }

  private static func accumulate(
    _ delta: [JSONValue.Member], into choice: inout [JSONValue.Member], log: inout MessageLog
  ) {
    choice.update("message") { message in
      _ = message.withMembers { message in
        for member in delta {
          // Servers that repeat the role in every chunk do not mean to add it up.
          if member.key == role, message.value(of: "role")?.stringBytes?.isEmpty == false {
            continue
          }
          let isInParts =
            member.key == content
            && ChatContent.isInParts(message.value(of: "content"), member.value)
          if isInParts {
            message.update("content") { ChatContent.merge(member.value, into: &$0, log: &log) }
            continue
          }
          DeltaMerge.merge(member, into: &message, log: &log)
        }
      }
    }
  }

  private static let role = Array("role".utf8)
  private static let content = Array("content".utf8)

  private static func finish(
    _ choice: inout [JSONValue.Member], with chunk: [JSONValue.Member], log: inout MessageLog
  ) {
    if let reason = chunk.value(of: "finish_reason"), reason.stringBytes?.isEmpty == false {
      choice.update("finish_reason") { $0 = reason }
    }
    guard let more = chunk.value(of: "logprobs"), !more.isNull else { return }
    guard let members = more.members else { return log.note("`logprobs` is not an object") }
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
