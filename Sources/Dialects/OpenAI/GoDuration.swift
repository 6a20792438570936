/// Spans of time as OpenAI's headers write them: as the language Go does, such as `20m52.666s`.
package enum GoDuration {
  /// A span, rounded up to milliseconds; what is negative is `0s`.
  package static func text(_ duration: Duration) -> String {
    guard duration > .zero else { return "0s" }
    let (seconds, attoseconds) = duration.components
    let up = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let milliseconds = up % 1000
    let whole = up < 1000 || seconds == .max ? seconds : seconds + 1
    if whole == 0 { return "\(milliseconds)ms" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    var text = hours > 0 ? "\(hours)h" : ""
    if whole >= 60 { text += "\(minutes)m" }
    return text + "\(whole % 60)\(fraction(milliseconds))s"
  }

  /// Milliseconds as a fraction of a second, without zeros at its end.
  private static func fraction(_ milliseconds: Int64) -> String {
    guard milliseconds > 0 else { return "" }
    var digits = Array(String(1000 + milliseconds).utf8.dropFirst())
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return "." + String(decoding: digits, as: UTF8.self)
  }
}
