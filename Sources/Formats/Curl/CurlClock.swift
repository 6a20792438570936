internal import Cassettes

/// Times of day that curl writes, as microseconds that go on behind midnight.
struct CurlClock {
  private static let day: Int64 = 86_400_000_000
  private var days: Int64 = 0
  private var last: Int64 = 0

  /// The time in front of a line, `22:57:05.054455 `, and what stands behind it.
  ///
  /// - Returns: The microseconds since the first midnight, or nil where the line has no time, and
  ///   the rest of the line.
  mutating func take(_ line: ArraySlice<UInt8>) -> (at: Int64?, rest: ArraySlice<UInt8>) {
    guard line.count >= 16, let time = Self.time(of: line) else { return (nil, line) }
    if time + days * Self.day < last - Self.day / 2 { days += 1 }
    last = max(last, time + days * Self.day)
    return (time + days * Self.day, line.dropFirst(16))
  }

  /// The microseconds since midnight that a line begins with.
  static func time(of line: ArraySlice<UInt8>) -> Int64? {
    let form = Array("00:00:00.000000 ".utf8)
    var digits: [Int64] = []
    for (byte, shape) in zip(line, form) {
      if shape != 0x30 {
        guard byte == shape else { return nil }
      } else {
        guard (0x30...0x39).contains(byte) else { return nil }
        digits.append(Int64(byte - 0x30))
      }
    }
    guard digits.count == 12 else { return nil }
    let hour = digits[0] * 10 + digits[1]
    let minute = digits[2] * 10 + digits[3]
    let second = digits[4] * 10 + digits[5]
    guard hour < 24, minute < 60, second < 61 else { return nil }
    let micros = digits[6...].reduce(0) { $0 * 10 + $1 }
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros
  }

  /// The time since 1970 of a moment of a clock that shows the time of day in a zone that nobody
  /// names: that of an answer says the day, and in which zone.
  ///
  /// - Parameters:
  ///   - moment: When the request was made, by that clock.
  ///   - head: When the answer's head came, by that clock.
  ///   - date: The `date` of the answer, in whole seconds since 1970, in microseconds.
  /// - Returns: Microseconds since 1970.
  static func sinceEpoch(_ moment: Int64, head: Int64, date: Int64) -> Int64 {
    // Zones are whole quarters of an hour; what is less is the two clocks' disagreement.
    let quarter: Int64 = 900_000_000
    let apart = head - date % day
    let zone = ((apart + quarter / 2) - modulo(apart + quarter / 2, quarter))
    return date - date % day + moment - zone
  }

  private static func modulo(_ a: Int64, _ b: Int64) -> Int64 { ((a % b) + b) % b }
}
