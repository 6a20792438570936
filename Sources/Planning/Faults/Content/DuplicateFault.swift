/// `duplicate`: an event comes twice.
struct DuplicateFault: Fault {
  static let name = "duplicate"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "duplicate[@place]"
  static let summary = "An event is sent twice."
  static let example = "duplicate@event:4"
  static let symptoms = [
    FaultSymptom(
      "an event comes twice", "duplicate@event:12",
      ["repeat", "repeated", "twice", "double", "replay"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    let block = try draft.content.bytes(ofEvent: event)
    try draft.content.insert(block, behindEvent: event)
  }
}
