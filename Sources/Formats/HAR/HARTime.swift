internal import Cassettes

/// Times as archives write them.
enum HARTime {
  /// The microseconds since 1970 of a date, or nil where it is none that can be told.
  ///
  /// Besides RFC 3339 it takes what programs write by mistake: a date without an offset counts as
  /// UTC, an offset may lack its colon, and a frozen clock may write a date of HTTP.
  static func microseconds(_ text: String) -> Int64? {
    if let exact = Timestamp.microseconds(rfc3339: text) { return exact }
    if let date = Timestamp.microseconds(httpDate: text) { return date }
    let bytes = Array(text.utf8)
    if let sign = bytes.dropLast(4).last, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      bytes.count > 19
    {
      return Timestamp.microseconds(rfc3339: "\(text.dropLast(2)):\(text.suffix(2))")
    }
    return Timestamp.microseconds(rfc3339: text + "Z")
  }

  /// Milliseconds in microseconds, to the nearest; nil where that cannot be counted.
  static func microseconds(milliseconds: Double) -> Int64? {
    Int64(exactly: (milliseconds * 1000).rounded())
  }

  /// Seconds in microseconds, to the nearest; nil where that cannot be counted.
  static func microseconds(seconds: Double) -> Int64? {
    Int64(exactly: (seconds * 1_000_000).rounded())
  }
}
