import Cassettes

/// How numbers and times are shown to people.
enum TextForm {
  /// A time as milliseconds with microseconds: `412.345 ms`.
  static func time(_ time: Microseconds) -> String {
    let fraction = "\(time.count % 1000 + 1000)".dropFirst()
    return "\(grouped(time.count / 1000)).\(fraction) ms"
  }

  /// A number with a comma at each thousand.
  static func grouped(_ number: some BinaryInteger) -> String {
    var text = ""
    for (place, digit) in "\(number)".reversed().enumerated() {
      if place > 0, place.isMultiple(of: 3) { text = "," + text }
      text = "\(digit)" + text
    }
    return text
  }

  /// Rows of columns, each as wide as its widest cell; numbers stand to the right.
  static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> [String] {
    var lines: [String] = []
    table(rows.indices, rightAligned: rightAligned, row: { rows[$0] }, line: { lines.append($0) })
    return lines
  }

  /// Rows of columns that are made twice, so that not all of very many are there at once.
  static func table(
    _ indices: Range<Int>, rightAligned: Set<Int> = [], row: (Int) -> [String],
    line: (String) -> Void
  ) {
    var widths: [Int] = []
    for index in indices {
      for (column, cell) in row(index).enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    for index in indices {
      let cells = row(index).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return rightAligned.contains(column) ? padding + cell : cell + padding
      }
      line(String(cells.joined(separator: "  ").trimmingSuffix { $0 == " " }))
    }
  }

  /// The beginning of a text, on one line, with control characters escaped so that a cassette cannot
  /// drive the terminal.
  static func excerpt(_ text: String, limit: Int) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar.value {
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      // Controls, and what turns the direction of text.
      case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > limit ? result + "…" : result
  }
}

extension String {
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
    guard let last = lastIndex(where: { !isTrimmed($0) }) else { return "" }
    return self[...last]
  }
}
