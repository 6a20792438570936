internal import EventStream
internal import LosslessJSON

/// What an object in a stream of chunks is, by its `object` and by what it has.
///
/// `create(stream=True)` of the SDK reads whatever has choices, and so do most clients; those that
/// go by `object`, the SDK's own helper among them, pass over what does not call itself a chunk.
enum ChatChunk: Equatable {
  /// It says that it is a chunk, or it only counts tokens.
  case chunk
  /// What Azure's filter says later of what it has let through.
  case annotation
  /// It has what a chunk has, and calls itself something else, or nothing.
  case unnamed(String?)
  /// It is of a kind that nobody knows.
  case unknown

  init(_ members: [JSONValue.Member]) {
    let object = members.value(of: "object")
    if Self.isNamed(members) {
      self = .chunk
      return
    }
    let choices = members.value(of: "choices")?.elements ?? []
    let hasDelta = choices.contains { $0.value(of: "delta")?.members != nil }
    if hasDelta || choices.contains(where: Self.isFinished) {
      self = .unnamed(object?.text)
    } else if case .string([])? = object {
      self = .annotation
    } else if members.value(of: "usage")?.members != nil {
      self = .chunk
    } else if choices.isEmpty {
      self = .unknown
    } else {
      self = .unnamed(object?.text)
    }
  }

  /// Whether an object says that it is a chunk.
  static func isNamed(_ members: [JSONValue.Member]) -> Bool {
    if case .string(name)? = members.value(of: "object") { true } else { false }
  }

  /// Whether a choice says why it ended; an empty reason names none.
  static func isFinished(_ choice: JSONValue) -> Bool {
    choice.value(of: "finish_reason")?.stringBytes?.isEmpty == false
  }

  /// What an object says went wrong; nil where it is a chunk.
  static func failure(
    in chunk: JSONValue, _ members: [JSONValue.Member], of event: ServerSentEvent
  ) -> String? {
    if let words = ErrorWords.inChunk(chunk) { return words }
    guard members.value(of: "choices") == nil else { return nil }
    return event.isError ? ErrorWords.inErrorEvent(event) : ErrorWords.bare(chunk)
  }

  /// The members of a choice's delta; Azure's filters send choices that have none.
  static func delta(
    of choice: [JSONValue.Member], log: inout MessageLog
  ) -> [JSONValue.Member]? {
    let delta = choice.value(of: "delta")
    guard let members = delta?.members else {
      if delta == nil { log.notice("a choice has no delta") }
      if let delta {
        log.note("the delta of a choice is \(delta.isNull ? "null" : "not an object")")
      }
      return nil
    }
    return members
  }

  private static let name = Array("chat.completion.chunk".utf8)
}
