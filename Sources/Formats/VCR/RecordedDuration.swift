internal import Cassettes

/// A duration as Go writes it: `1m2.5s`, `785.2ms`, or a whole number of nanoseconds.
struct RecordedDuration {
  /// How long it is.
  let time: Microseconds

  private static let microseconds: [(unit: String, count: Double)] = [
    ("h", 3_600_000_000), ("ms", 1000), ("ns", 0.001), ("us", 1), ("µs", 1), ("μs", 1),
    ("m", 60_000_000), ("s", 1_000_000),
  ]

  /// Reads a duration, or nil where a text is none, or no time at all.
  init?(_ text: String) {
    if let nanoseconds = Int64(text) {
      time = Microseconds(saturating: nanoseconds / 1000)
    } else {
      guard let sum = Self.sum(of: text) else { return nil }
      time = Microseconds(saturating: Int64(min(sum.rounded(), 1e15)))
    }
    if time == .zero { return nil }
  }

  private static func sum(of text: String) -> Double? {
    var rest = text[...]
    var sum = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { "0123456789.".contains($0) }
      rest = rest[digits.endIndex...]
      guard let number = Double(digits), number.isFinite,
        let part = microseconds.first(where: { rest.hasPrefix($0.unit) })
      else { return nil }
      sum += number * part.count
      rest = rest.dropFirst(part.unit.count)
    }
    return text.isEmpty ? nil : sum
  }
}
