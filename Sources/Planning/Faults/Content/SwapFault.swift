/// `swap`: two events come in the wrong order.
struct SwapFault: Fault {
  static let name = "swap"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "swap[@place]"
  static let summary = "An event and the next one change places."
  static let example = "swap@event:4"
  static let symptoms = [
    FaultSymptom(
      "events out of order", "swap@event:12",
      ["order", "out of order", "reorder", "reordered"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    let first = try draft.content.bytes(ofEvent: event)
    let second = try draft.content.bytes(ofEvent: event + 1)
    try draft.content.replace(event: event, with: second)
    try draft.content.replace(event: event + 1, with: first)
  }
}
