/// Bytes around a place: their offset, their digits and their text, sixteen in a row.
struct HexExcerpt {
  /// The most bytes that are shown.
  static let limit = 256

  /// The rows, as markup.
  let markup: String

  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - place: How many of them stand before the place, of which the byte behind is marked.
  ///   - offset: The place's offset in the body, from 0, or nil where it has none.
  init(_ bytes: [UInt8], place: Int, offset: Int?) {
    let start = max(min(max(offset ?? place, 0), 1 << 50) - place, 0)
    var rows: [String] = []
    for row in stride(from: 0, to: min(bytes.count, Self.limit), by: 16) {
      let range = row..<min(row + 16, bytes.count, Self.limit)
      var digits = ""
      var text = ""
      for index in range {
        let isMarked = index == place
        let pair = Hexadecimal.text(of: bytes[index])
        digits += isMarked ? "<mark>\(pair)</mark>" : pair
        digits += index % 8 == 7 ? "  " : " "
        let sign = Self.sign(of: bytes[index])
        text += isMarked ? "<mark>\(sign)</mark>" : sign
      }
      // A place behind the last byte is one as well.
      if place == bytes.count, range.upperBound == bytes.count { text += "<mark>&nbsp;</mark>" }
      let missing = 16 - range.count
      digits += String(repeating: "   ", count: missing) + (missing > 0 ? " " : "")
      if range.count < 8 { digits += " " }
      let at = "\(start + row)"
      let margin = String(repeating: " ", count: max(7 - at.count, 0))
      rows.append("<span class=\"at\">\(margin)\(at)</span>  \(digits) \(text)")
    }
    markup = rows.joined(separator: "\n")
  }

  private static func sign(of byte: UInt8) -> String {
    switch byte {
    case 0x0A: "⏎"
    case 0x0D: "␍"
    case 0x20..<0x7F: Markup.escaped(String(UnicodeScalar(byte)))
    default: "·"
    }
  }
}
