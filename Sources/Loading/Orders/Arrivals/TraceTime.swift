internal import Planning

/// One time of a trace, as it was written.
struct TraceTime: Hashable, Sendable, CustomStringConvertible {
  /// In what times are written.
  enum Unit: String {
    case seconds
    case milliseconds

    var nanoseconds: Int64 { self == .seconds ? 1_000_000_000 : 1_000_000 }
  }

  /// The time in nanoseconds.
  let nanoseconds: Int64
  /// The text.
  let description: String

  /// Reads a number of a unit; nil where it is none, below 0 or beyond what can be said.
  init?(_ text: String, _ unit: Unit) {
    description = Self.excerpt(text)
    if let exact = ExactDecimal(text) {
      let product = Int128(exact.digits) * Int128(unit.nanoseconds)
      nanoseconds = Int64(clamping: product / Int128(exact.scale))
      return
    }
    // Names and hexadecimal digits are numbers to Swift, but to no other program.
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || ".eE+-".utf8.contains($0) }),
      let value = Double(text), value >= 0,
      let rounded = Int64(exactly: (value * Double(unit.nanoseconds)).rounded())
    else { return nil }
    nanoseconds = rounded
  }

  /// As much of a text as an error repeats.
  static func excerpt(_ text: String) -> String {
    text.utf8.count > 80 ? "\(text.prefix(40))…" : text
  }
}
