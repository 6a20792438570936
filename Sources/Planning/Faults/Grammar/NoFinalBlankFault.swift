/// `no-final-blank`: the last event is never dispatched.
struct NoFinalBlankFault: Fault {
  static let name = "no-final-blank"
  static let kind = FaultKind.grammar
  static let takes = FaultPlace.Taking.nothing
  static let happensAtEnd = true
  static let usage = "no-final-blank"
  static let summary =
    "The terminator of the last blank line is left out, so that the last event is not dispatched."
  static let example = "no-final-blank"

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard draft.content.eventCount > 0 else {
      throw DirectiveError("no-final-blank: the recording has no events")
    }
    var last = draft.content.eventCount - 1
    while last > 0, (try? draft.content.bytes(ofEvent: last)) == nil { last -= 1 }
    var block = EventBlock(try draft.content.bytes(ofEvent: last))
    block.lines.removeLast()
    try draft.content.replace(event: last, with: block.bytes)
  }
}
