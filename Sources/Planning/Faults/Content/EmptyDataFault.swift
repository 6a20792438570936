/// `empty-data`: an event has empty data.
struct EmptyDataFault: Fault {
  static let name = "empty-data"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "empty-data[@place]"
  static let summary = "The data of an event is empty."
  static let example = "empty-data@event:4"
  static let symptoms = [
    FaultSymptom(
      "an event without data", "empty-data@event:12",
      ["empty", "empty event", "blank", "no data", "null"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.changeData(ofEvent: event, for: Self.name) { data in
      []
    }
  }
}
