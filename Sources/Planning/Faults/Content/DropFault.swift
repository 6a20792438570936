/// `drop`: an event never comes.
struct DropFault: Fault {
  static let name = "drop"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "drop[@place]"
  static let summary = "An event is left out."
  static let example = "drop@type:content_block_delta:2"
  static let symptoms = [
    FaultSymptom(
      "an event is lost", "drop@event:12",
      ["lost event", "missing event", "lose", "skip", "gap in the sequence"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.replace(event: event, with: [])
  }
}
