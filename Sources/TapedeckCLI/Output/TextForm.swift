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

  /// A number with its noun, which takes an s unless the plural is given: `1 miss`, `2 misses`.
  static func count(_ number: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String
  {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// The beginning of a text, on one line, with control characters escaped so that a cassette
  /// cannot drive the terminal.
  static func excerpt(_ text: String, limit: Int) -> String {
    let result = oneLine(text.unicodeScalars.prefix(limit))
    return text.unicodeScalars.count > limit ? result + "…" : result
  }

  /// A text on one line, with control characters escaped.
  static func oneLine(_ text: String) -> String { oneLine(text.unicodeScalars) }

  private static func oneLine(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in scalars {
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
    return result
  }
}
