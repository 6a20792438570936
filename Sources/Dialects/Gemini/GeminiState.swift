internal import EventStream
internal import LosslessJSON

/// A `GenerateContentResponse` that the chunks of a stream are merged into.
///
/// Candidates are told apart by their `index`, which is 0 where it is missing. Their parts stay
/// apart, as they do in the SDK: one for each that came. `usageMetadata` is that of the last chunk
/// that has any, and anything else is merged by the rules of ``GeminiMerge``.
struct GeminiState: MessageState, ErrorTelling {
  /// The members of the response; that of the candidates stands empty in its place.
  private var members: [JSONValue.Member] = []

  /// The candidates in the order in which they came.
  private var candidates: [GeminiCandidate] = []

  /// The place of each candidate in the list, by its index.
  private var places: [Int: Int] = [:]

  /// Whether the candidates came in the order of their indices.
  private var isOrdered = true

  /// What the API said went wrong, the first time.
  private var failure: String?

  var reportedError: String? { failure }

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    guard let data = log.data(of: event) else { return [] }
    guard case .object(.object(let chunk)) = data else {
      if case .failure(let words) = data { fail(words) }
      return []
    }
    if let words = Self.failure(in: chunk, of: event) {
      fail(words)
      return []
    }
    guard chunk.isEmpty || chunk.contains(where: { GeminiKey.isOfChunk($0.key) }) else {
      log.keep(.object(chunk), bytes: event.data.utf8.count)
      return []
    }
    var text: [UInt8] = []
    for place in chunk.indices where !chunk[place].value.isNull {
      switch chunk[place].key {
      case GeminiKey.candidates: takeCandidates(chunk[place].value, &text, &log)
      case GeminiKey.usageMetadata: takeUsage(chunk[place], &log)
      case GeminiKey.error: fail(chunk[place].value)
      default: GeminiMerge.merge(chunk[place], into: &members, &log)
      }
    }
    return text
  }

  private mutating func takeCandidates(
    _ value: JSONValue, _ text: inout [UInt8], _ log: inout MessageLog
  ) {
    guard case .array(let elements) = value else {
      return log.note("its candidates are not an array")
    }
    if !members.contains(where: { $0.key == GeminiKey.candidates }) {
      members.append(JSONValue.Member(key: GeminiKey.candidates, value: .null))
    }
    for element in elements {
      if case .object(let candidate) = element {
        candidates[place(of: candidate, &log)].take(candidate, &text, &log)
      } else {
        log.note("a candidate is not an object")
      }
    }
  }

  /// The place of a candidate in the list, at whose end it is added where it is new.
  private mutating func place(
    of candidate: [JSONValue.Member], _ log: inout MessageLog
  ) -> Int {
    var index = 0
    if let value = candidate.first(where: { $0.key == GeminiKey.index })?.value, !value.isNull {
      if let number = value.integer ?? value.text.flatMap({ Int($0) }) {
        index = number
      } else {
        log.note("the index of a candidate is not a whole number")
      }
    }
    if candidates.first?.index == index { return 0 }
    if let place = places[index] { return place }
    if let last = candidates.last, last.index > index { isOrdered = false }
    candidates.append(GeminiCandidate(index: index))
    places[index] = candidates.count - 1
    return candidates.count - 1
  }

  private mutating func takeUsage(_ usage: JSONValue.Member, _ log: inout MessageLog) {
    guard case .object = usage.value else { return log.note("its usageMetadata is not an object") }
    if let place = members.firstIndex(where: { $0.key == usage.key }) {
      members[place].value = usage.value
    } else {
      members.append(usage)
    }
  }

  /// What an object says went wrong that has no field of a chunk.
  private static func failure(
    in chunk: [JSONValue.Member], of event: ServerSentEvent
  ) -> String? {
    guard !chunk.contains(where: { GeminiKey.isOfChunk($0.key) }) else { return nil }
    return event.isError
      ? ErrorWords.inErrorEvent(event) : ErrorWords.bare(.object(chunk))
  }

  private mutating func fail(_ words: String) {
    if failure == nil { failure = "an error came: \(words)" }
  }

  private mutating func fail(_ error: JSONValue) {
    guard failure == nil else { return }
    let said = [
      error["status"]?.text ?? error["code"]?.integer.map(String.init), message(of: error),
    ]
    failure = "an error came: " + said.compactMap(\.self).joined(separator: ": ")
  }

  private func message(of error: JSONValue) -> String {
    error["message"]?.text ?? error.text ?? String(decoding: error.bytes, as: UTF8.self)
  }

  private var orderedCandidates: [GeminiCandidate] {
    isOrdered ? candidates : candidates.sorted { $0.index < $1.index }
  }

  private var blockReason: String? {
    members.first { $0.hasKey("promptFeedback") }?.value["blockReason"]?.text
  }

  var message: JSONValue? {
    guard !members.isEmpty else { return nil }
    return .object(
      members.map { member in
        switch member.key {
        case GeminiKey.candidates:
          JSONValue.Member(key: member.key, value: .array(orderedCandidates.map(\.value)))
        case GeminiKey.usageMetadata: GeminiMerge.withoutNulls(member)
        default: member
        }
      })
  }

  var content: [MessagePart] {
    orderedCandidates.flatMap { candidate in
      var parts = GeminiParts(choice: candidate.index)
      for part in candidate.parts { parts.take(part) }
      return parts.finished
    }
  }

  /// That of the first candidate, or why the prompt was refused.
  var stopReason: String? { orderedCandidates.first?.finishReason ?? blockReason }

  var usage: JSONValue? {
    // It comes with each chunk, so it is looked through only here.
    members.first { $0.key == GeminiKey.usageMetadata }.map { GeminiMerge.withoutNulls($0).value }
  }

  /// There is no event that ends a stream: a message is whole when each of its candidates has a
  /// reason to have stopped, or when the prompt was refused.
  var completeness: Completeness {
    if let failure { return .incomplete(failure) }
    if blockReason != nil { return .complete }
    if candidates.isEmpty { return .incomplete("no candidate came") }
    for candidate in orderedCandidates {
      guard let reason = candidate.finishReason else {
        return .incomplete("candidate \(candidate.index) has no finishReason")
      }
      if reason == GeminiCandidate.continuation {
        return .incomplete("candidate \(candidate.index) is to be continued by another request")
      }
    }
    return .complete
  }
}
