internal import Dialects

/// `ping`: the connection is kept alive.
struct PingFault: Fault {
  static let name = "ping"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "ping[@place]"
  static let summary = "The dialect's keep-alive comes before an event."
  static let example = "ping@event:3"
  static let symptoms = [
    FaultSymptom(
      "a keep-alive event", "ping@event:3",
      ["keepalive", "keep alive", "heartbeat", "keep alive event"])
  ]
  var effect: FaultEffect { .inserts }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.insert(scene.dialect.ping, beforeEvent: event)
  }
}
