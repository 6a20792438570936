/// `no-final-blank`: the last event is never dispatched.
struct NoFinalBlankFault: Fault {
  static let name = "no-final-blank"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let happensAtEnd = true
  static let usage = "no-final-blank"
  static let summary =
    "The last blank line is left out, so that the last event is not dispatched."
  static let example = "no-final-blank"
  static let symptoms = [
    FaultSymptom(
      "the last blank line is missing", "no-final-blank",
      ["no final newline", "missing newline", "unterminated"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard draft.content.eventCount > 0 else {
      throw DirectiveError("no-final-blank: the recording has no events")
    }
    let isFound = draft.content.rewriteLast { bytes in
      var block = EventBlock(bytes)
      let blank = block.lines.lastIndex { $0.text.isEmpty && !$0.terminator.isEmpty }
      guard let blank else { return nil }
      block.lines.remove(at: blank)
      return block.bytes
    }
    guard isFound else { throw DirectiveError("no-final-blank: no blank line is left") }
  }
}
