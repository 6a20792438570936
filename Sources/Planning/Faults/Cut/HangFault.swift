internal import Cassettes

/// `hang`: nothing more comes.
struct HangFault: Fault {
  static let name = "hang"
  static let kind = FaultKind.cut
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.point
  static let usage = "hang[:D][@place]"
  static let summary =
    "Nothing more is sent, for ever or for that long; then the connection closes."
  static let example = "hang@head"
  static let symptoms = [
    FaultSymptom(
      "no answer ever comes", "hang@head",
      [
        "timeout", "time out", "timed out", "read timeout", "no response", "no answer",
        "blackhole",
      ]),
    FaultSymptom(
      "silence in the middle, for ever", "hang@event:12",
      [
        "timeout", "idle timeout", "freeze", "frozen", "stuck", "stalled", "silence",
        "dead connection",
      ]),
    FaultSymptom(
      "a load balancer closes an idle stream", "hang:60s@event:12",
      ["load balancer timeout", "idle timeout", "proxy timeout", "nginx timeout", "60 seconds"]),
  ]

  var effect: FaultEffect { .ends }
  var isSilent: Bool { true }

  private let length: Microseconds?

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    if let text = arguments.next() { length = try Quantity.duration(text) } else { length = nil }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.cut(at: place, end: length == nil ? .hang : .disconnect)
    if let length { draft.message.endAt = draft.message.endAt + length }
  }
}
