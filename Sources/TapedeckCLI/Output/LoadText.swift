/// Times and shares of a run of load, for a person.
enum LoadText {
  /// Nanoseconds in the unit that suits them, with three digits: `1.25 ms`.
  static func duration(_ nanoseconds: Int64) -> String {
    let value = Double(nanoseconds)
    switch abs(value) {
    case ..<999_500: return number(value / 1e3) + " us"
    case ..<999_500_000: return number(value / 1e6) + " ms"
    default: return number(value / 1e9) + " s"
    }
  }

  /// A number with three digits, or as many as stand before its point.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let digits = abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0
    let scale = [1.0, 10, 100][digits]
    let scaled = (value * scale).rounded()
    guard let whole = Int64(exactly: scaled) else { return "\(value)" }
    guard digits > 0 else { return TextForm.grouped(whole) }
    let sign = whole < 0 ? "-" : ""
    let (units, rest) = whole.magnitude.quotientAndRemainder(dividingBy: UInt64(scale))
    let padded = String(rest)
    return sign + "\(units)." + String(repeating: "0", count: digits - padded.count) + padded
  }
}
