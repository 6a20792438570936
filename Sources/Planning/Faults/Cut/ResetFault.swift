/// `reset`: the connection is reset.
struct ResetFault: Fault {
  static let name = "reset"
  static let kind = FaultKind.cut
  static let takes = FaultPlace.Taking.point
  static let usage = "reset[@place]"
  static let summary = "The connection is reset with RST, once what was sent has been acknowledged."
  static let example = "reset@event:12,on=1"

  var effect: FaultEffect { .ends }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.cut(at: place, end: .reset)
  }
}
