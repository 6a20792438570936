/// How many columns of a terminal text takes.
enum TextWidth {
  /// The columns that a text takes.
  static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The text, or as much of its beginning as fits beside a `…`.
  static func cut(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    return beginning(of: text, columns: columns - 1) + "…"
  }

  /// The text, or as much of its beginning and its end as fits around a `…`.
  static func cutInside(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    let half = max(0, columns - 1) / 2
    let end = String(beginning(of: String(text.reversed()), columns: half).reversed())
    return beginning(of: text, columns: max(0, columns - 1 - of(end))) + "…" + end
  }

  private static func beginning(of text: String, columns: Int) -> Substring {
    var rest = columns
    return text.prefix { character in
      rest -= of(character)
      return rest >= 0
    }
  }

  /// Breaks a text into lines at its spaces, and words that are longer than a line anywhere.
  ///
  /// - Parameters:
  ///   - text: The text, of one line.
  ///   - columns: How long the first line may be.
  ///   - next: How long all others may be.
  ///   - lead: How many spaces at the very beginning stay.
  /// - Returns: The lines, one at the least.
  static func wrap(
    _ text: String, to columns: Int, next: Int? = nil, keeping lead: Int = 0
  ) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: lead)
    var isEmpty = true
    var limit = max(1, columns)
    func end() {
      lines.append(line)
      line = ""
      isEmpty = true
      limit = max(1, next ?? columns)
    }
    for word in text.split(separator: " ") {
      if !isEmpty, of(line) + 1 + of(word) > limit { end() }
      if !isEmpty { line += " " }
      for character in word {
        if !isEmpty, of(line) + of(character) > limit { end() }
        line.append(character)
        isEmpty = false
      }
    }
    end()
    return lines
  }

  /// The columns of one character: none for what only joins or marks, two for East Asian and emoji.
  private static func of(_ character: Character) -> Int {
    character.unicodeScalars.reduce(0) { max($0, of($1)) }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The wide ranges of UAX 11, roughly: what is misjudged is a column off, and no more.
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
