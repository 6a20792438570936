internal import Dialects

/// `unknown`: an event comes of a type that nobody knows.
struct UnknownFault: Fault {
  static let name = "unknown"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "unknown[@place]"
  static let summary = "An event of an unknown type comes before this one."
  static let example = "unknown@event:3"
  static let symptoms = [
    FaultSymptom(
      "a new event type", "unknown@event:3",
      [
        "new event", "new event type", "unknown event", "unexpected event",
        "forward compatibility",
      ])
  ]
  var effect: FaultEffect { .inserts }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.insert(scene.dialect.unknownEvent, beforeEvent: event)
  }
}
