/// A decimal number that is never negative, kept exactly.
public struct ExactDecimal: Hashable, Sendable {
  /// The digits as one integer, up to 10^18.
  public let digits: Int64

  /// The power of ten that the digits are divided by, up to 10^9.
  public let scale: Int64

  /// Creates a decimal from digits over a power of ten.
  package init(digits: Int64, scale: Int64) {
    self.digits = digits
    self.scale = scale
  }

  /// Parses ASCII digits with at most one point between digits: at most 9 before it and 9 after.
  public init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ (1...9).contains($0.count) }) else {
      return nil
    }
    var digits: Int64 = 0
    var scale: Int64 = 1
    for (place, part) in parts.enumerated() {
      for byte in part {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        digits = digits * 10 + Int64(byte - UInt8(ascii: "0"))
        if place == 1 { scale *= 10 }
      }
    }
    self.init(digits: digits, scale: scale)
  }

  /// `value` times this number, or nil where that is no whole number or above `Int64.max`.
  public func multiplied(by value: Int64) -> Int64? {
    let product = Int128(value) * Int128(digits)
    return product % Int128(scale) == 0 ? Int64(exactly: product / Int128(scale)) : nil
  }

  /// `value` divided by this number, rounded down; `Int64.max` where that is more.
  public func dividing(_ value: Int64) -> Int64 {
    guard digits > 0 else { return .max }
    return Int64(clamping: Int128(value) * Int128(scale) / Int128(digits))
  }
}

extension ExactDecimal: CustomStringConvertible {
  /// The shortest text that parses back to the same number.
  public var description: String {
    let whole = "\(digits / scale)"
    guard scale > 1 else { return whole }
    var fraction = "\(digits % scale + scale)".dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }
}
