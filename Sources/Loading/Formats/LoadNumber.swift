/// Numbers as the texts of results have them.
enum LoadNumber {
  /// The most that a count is read as, so that sums stay in 64 bits.
  static let countLimit = 1 << 52

  /// Nanoseconds as microseconds, rounded: `1235`.
  static func rounded(_ nanoseconds: Int64) -> Int64 {
    nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0)
  }

  /// Nanoseconds as microseconds, exactly: `1234.567`.
  static func exact(_ nanoseconds: Int64) -> String {
    decimal(thousandths: nanoseconds)
  }

  /// The nanoseconds of exact microseconds, or nil where the text is something else.
  static func nanoseconds(exact text: String) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = Int64(parts[0]), whole.magnitude < UInt64(countLimit) else { return nil }
    guard parts.count == 2 else { return whole * 1000 }
    let digits = parts[1]
    guard (1...3).contains(digits.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let fraction = Int64(digits + String(repeating: "0", count: 3 - digits.count))
    else { return nil }
    return text.hasPrefix("-") ? whole * 1000 - fraction : whole * 1000 + fraction
  }

  /// A number to three decimals, without zeros behind: `49.5`.
  static func rounded(_ value: Double) -> String {
    let limit = Double(countLimit) / 1000
    guard value.isFinite else { return "0" }
    return decimal(thousandths: Int64((min(max(value, -limit), limit) * 1000).rounded()))
  }

  /// The shortest text that is read back as the same number; nil where JSON has none.
  static func shortest(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func decimal(thousandths: Int64) -> String {
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
    var fraction = String(String(rest + 1000).dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = thousandths < 0 ? "-" : ""
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}
