/// `bom`: a byte order mark in front of the stream.
struct BOMFault: Fault {
  static let name = "bom"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "bom"
  static let summary = "The stream begins with a byte order mark, which the grammar ignores."
  static let example = "bom"
  static let symptoms = [
    FaultSymptom("a byte order mark", "bom", ["byte order mark", "utf8 bom"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    var isFirst = true
    try draft.content.rewrite { _, bytes in
      defer { isFirst = false }
      return isFirst ? [0xef, 0xbb, 0xbf] + bytes : nil
    }
    guard !isFirst else { throw DirectiveError("bom: the recorded body is empty") }
  }
}
