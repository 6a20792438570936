internal import Cassettes

/// `end`: the answer ends well, and the message does not.
struct EndFault: Fault {
  static let name = "end"
  static let kind = FaultKind.cut
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.bodyPoint
  static let usage = "end[@place]"
  static let summary = "The HTTP message ends cleanly in the middle of the answer."
  static let example = "end@event:5"
  static let symptoms = [
    FaultSymptom(
      "ends too early, but cleanly", "end@event:12",
      [
        "truncate", "truncated", "truncation", "silent truncation", "short", "half a message",
        "load balancer timeout", "proxy timeout",
      ])
  ]

  var effect: FaultEffect { .ends }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.cut(at: place, end: .complete)
    if case .length = draft.message.framing {
      draft.message.framing = .length(Int64(draft.message.body.count))
    }
  }
}
