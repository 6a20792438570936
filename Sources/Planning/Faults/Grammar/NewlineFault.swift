/// `newline`: other line ends, which mean the same.
struct NewlineFault: Fault {
  static let name = "newline"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "newline[:crlf|cr|mixed]"
  static let summary = "Lines end with CR LF, with CR, or with LF, CR LF and CR in turn."
  static let example = "newline:cr"
  static let symptoms = [
    FaultSymptom(
      "other line endings", "newline:crlf",
      ["crlf", "cr", "lf", "line endings", "line ends", "windows"])
  ]

  private enum Style: String {
    case crlf, cr, mixed

    /// How a line ends, by its number from 0.
    ///
    /// A line feed alone behind a CR would end no line of its own, so there an empty line gets
    /// both.
    func terminator(_ line: Int, _ isBlankBehindCR: Bool) -> [UInt8] {
      switch self {
      case .crlf: [0x0d, 0x0a]
      case .cr: [0x0d]
      case .mixed:
        switch line % 3 {
        case 0: isBlankBehindCR ? [0x0d, 0x0a] : [0x0a]
        case 1: [0x0d, 0x0a]
        default: [0x0d]
        }
      }
    }
  }

  private let style: Style

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "crlf"
    guard let style = Style(rawValue: text) else {
      throw arguments.unfit(text, "crlf, cr or mixed")
    }
    self.style = style
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    var line = 0
    var isBehindCR = false
    try draft.content.rewrite { _, bytes in
      var block = EventBlock(bytes)
      for index in block.lines.indices where !block.lines[index].terminator.isEmpty {
        let isBlank = block.lines[index].text.isEmpty
        block.lines[index].terminator = style.terminator(line, isBlank && isBehindCR)
        isBehindCR = block.lines[index].terminator == [0x0d]
        line += 1
      }
      return block.bytes
    }
  }
}
