/// `cut-json`: the data of an event ends in the middle.
struct CutJSONFault: Fault {
  static let name = "cut-json"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "cut-json[@place]"
  static let summary = "Only the first half of an event's data is sent."
  static let example = "cut-json@event:4"
  static let symptoms = [
    FaultSymptom(
      "half a JSON object", "cut-json@event:12",
      ["truncated json", "partial json", "incomplete json"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.changeData(ofEvent: event, for: Self.name) { data in
      Array(data.prefix(max(1, data.count / 2)))
    }
  }
}
