internal import Cassettes

/// `linger`: all is sent, and the body never ends.
struct LingerFault: Fault {
  static let name = "linger"
  static let kind = FaultKind.cut
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "linger"
  static let summary = "Everything is sent, but the end of the body never comes."
  static let example = "linger"
  static let symptoms = [
    FaultSymptom(
      "the connection stays open after the last event", "linger",
      ["never closes", "never ends", "keep alive", "half open", "left open"])
  ]

  var effect: FaultEffect { .ends }
  var isSilent: Bool { true }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.message.end = .hang
    draft.message.trailers = []
    if case .length = draft.message.framing {
      draft.message.framing = .length(Int64(draft.message.body.count) + 1)
    }
  }
}
