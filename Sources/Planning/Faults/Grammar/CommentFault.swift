/// `comment`: comments between the events.
struct CommentFault: Fault {
  static let name = "comment"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.events
  static let usage = "comment[@place]"
  static let summary = "A comment comes before an event."
  static let example = "comment"
  static let symptoms = [
    FaultSymptom(
      "comments between the events", "comment",
      ["comments", "keep alive comment", "heartbeat"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    try draft.content.rewriteEvents(at: place, for: Self.name, "no block") {
      EventBlock.bytes($1, behind: Array(": tapedeck\n\n".utf8), isFirst: $0 == 1)
    }
  }
}
