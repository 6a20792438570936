/// `bad-json`: the data of an event is no JSON.
struct BadJSONFault: Fault {
  static let name = "bad-json"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "bad-json[@place]"
  static let summary = "A { is put before an event's data, which is then invalid JSON."
  static let example = "bad-json@event:4"
  static let symptoms = [
    FaultSymptom(
      "JSON that does not parse", "bad-json@event:12",
      ["invalid json", "malformed json", "corrupt", "corruption", "syntax error", "parse error"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.changeData(ofEvent: event, for: Self.name) { data in
      [UInt8(ascii: "{")] + data
    }
  }
}
