/// `fields`: fields that a client of an LLM seldom sees.
struct FieldsFault: Fault {
  static let name = "fields"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.events
  static let usage = "fields[@place]"
  static let summary = "The fields id, retry and an unknown one come before an event."
  static let example = "fields@event:2"
  static let symptoms = [
    FaultSymptom(
      "unknown fields", "fields",
      ["id", "retry", "retry field", "unknown field", "last event id"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    try draft.content.rewriteEvents(at: place, for: Self.name, "no block") { number, bytes in
      let fields = Array("id: \(number)\nretry: 3000\nx-tapedeck: 1\n".utf8)
      return EventBlock.bytes(bytes, behind: fields, isFirst: number == 1)
    }
  }
}
