/// Text that stands in HTML and SVG.
package enum Markup {
  /// A text in which nothing is markup, in an element or in an attribute between quotes.
  ///
  /// What XML 1.0 does not allow at all, as most control characters, is U+FFFD. (XML 1.0, 2.2) It
  /// looks at each scalar by itself: as one character with what stands beside it, a `<` would not
  /// be one.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { append(scalar, to: &escaped) }
    return escaped
  }

  /// The beginning of a text, on one line: what turns the direction of text or cannot be seen
  /// stands as `\u{202e}`, so that a client's words say what they seem to.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - limit: How many scalars there may be; where there are more, `…` follows.
  /// - Returns: The text, in which `<` is still markup.
  package static func visible(_ text: some StringProtocol, limit: Int) -> String {
    var visible = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      guard count < limit else { return visible + "…" }
      switch scalar.value {
      case 0x0A: visible += "\\n"
      case 0x0D: visible += "\\r"
      case 0x09: visible += "\\t"
      case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
        0xFEFF, 0xE0000...0xE0FFF:
        visible += "\\u{\(String(scalar.value, radix: 16))}"
      default: visible.unicodeScalars.append(scalar)
      }
    }
    return visible
  }

  /// The same, in which nothing is markup.
  package static func excerpt(_ text: some StringProtocol, limit: Int) -> String {
    escaped(visible(text, limit: limit))
  }

  private static func append(_ scalar: Unicode.Scalar, to escaped: inout String) {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "'": escaped += "&#39;"
    case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
    case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
}
