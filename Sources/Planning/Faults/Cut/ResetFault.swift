internal import Cassettes

/// `reset`: the connection is reset.
struct ResetFault: Fault {
  static let name = "reset"
  static let kind = FaultKind.cut
  static let layer = FaultLayer.tcp
  static let takes = FaultPlace.Taking.point
  static let usage = "reset[@place]"
  static let summary = "The connection is reset with RST, once what was sent has been acknowledged."
  static let example = "reset@event:12,on=1"
  static let symptoms = [
    FaultSymptom(
      "the connection is reset", "reset@event:12",
      [
        "rst", "econnreset", "connection reset", "connection reset by peer", "socket hang up",
        "broken pipe", "kill", "crash",
      ]),
    FaultSymptom(
      "no answer, the connection is reset", "reset@head",
      ["refused", "econnrefused", "connection refused", "unreachable"]),
  ]

  var effect: FaultEffect { .ends }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.cut(at: place, end: .reset)
  }
}
