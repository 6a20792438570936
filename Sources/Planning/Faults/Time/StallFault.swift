internal import Cassettes

/// `stall`: nothing comes for a while.
struct StallFault: Fault {
  static let name = "stall"
  static let kind = FaultKind.time
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.point
  static let usage = "stall[:D][@place][,burst]"
  static let summary =
    """
    Nothing is sent for that long. Then the rest follows, delayed; with burst, what was due is sent \
    at once.
    """
  static let example = "stall:5s@event:3"
  static let symptoms = [
    FaultSymptom(
      "a slow first byte", "stall:30s@head",
      [
        "latency", "slow", "delay", "lag", "ttft", "time to first token", "cold start",
        "slow start", "queue", "timeout",
      ]),
    FaultSymptom(
      "a long pause in the middle", "stall:30s@event:12",
      ["pause", "gap", "wait", "thinking", "reasoning", "slow", "delay", "timeout"]),
    FaultSymptom(
      "a pause, and then all at once", "stall:5s@event:12,burst",
      ["burst", "network hiccup", "catch up", "jitter"]),
  ]

  var isSilent: Bool { true }

  private let length: Microseconds
  private let bursts: Bool

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    length = try Quantity.duration(arguments.next() ?? "5s")
    bursts = try arguments.flag("burst")
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    switch place {
    case .head(.before):
      let start = draft.message.headAt
      draft.message.headAt = moved(draft.message.headAt, from: start)
      draft.delay(from: 0) { moved($0, from: start) }
    case .head(.inside):
      let start = draft.message.headAt
      draft.message.headPart = .halves(second: moved(start, from: start))
      draft.delay(from: 0) { moved($0, from: start) }
    case .head(.after):
      let start = draft.message.headAt
      draft.delay(from: 0) { moved($0, from: start) }
    case .body(let offset, let isAfter):
      let position = draft.position(of: offset, after: isAfter)
      let start = draft.time(at: position, after: isAfter)
      let index = draft.split(at: position)
      draft.delay(from: index) { moved($0, from: start) }
    case .event, .everywhere: break
    }
  }

  private func moved(_ time: Microseconds, from start: Microseconds) -> Microseconds {
    bursts ? max(time, start + length) : time + length
  }
}
