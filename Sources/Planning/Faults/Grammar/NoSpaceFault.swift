/// `no-space`: a colon without a space behind it.
struct NoSpaceFault: Fault {
  static let name = "no-space"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.events
  static let usage = "no-space[@place]"
  static let summary = "The space after the colons is left out if the value keeps its meaning."
  static let example = "no-space"
  static let symptoms = [
    FaultSymptom("no space after the colon", "no-space", ["space", "colon", "whitespace"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    try draft.content.rewriteEvents(at: place, for: Self.name, "no space to drop") {
      number, bytes in
      var block = EventBlock(bytes, isFirst: number == 1)
      var changed = false
      for index in block.lines.indices {
        guard let shorter = Self.withoutSpace(block.lines[index].text) else { continue }
        block.lines[index].text = shorter
        changed = true
      }
      return changed ? block.bytes : nil
    }
  }

  /// The line without the space; nil where there is none, or a second one, which would go instead.
  private static func withoutSpace(_ line: [UInt8]) -> [UInt8]? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return nil }
    let value = line[(colon + 1)...]
    guard value.first == UInt8(ascii: " "), value.dropFirst().first != UInt8(ascii: " ") else {
      return nil
    }
    return Array(line[...colon]) + value.dropFirst()
  }
}
