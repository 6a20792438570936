internal import Cassettes
internal import Dialects
internal import Units

/// Writes header lines with numbers and times in them.
struct LimitFieldWriter {
  private(set) var bytes: [UInt8] = []
  private let now: Instant
  private let clock: Int64

  init(now: Instant, clock: Int64) {
    self.now = now
    self.clock = clock
    bytes.reserveCapacity(640)
  }

  /// Writes one line, whose name may have two parts.
  mutating func line(
    _ first: StaticString, _ second: StaticString? = nil, value: (inout LimitFieldWriter) -> Void
  ) {
    text(first)
    if let second { text(second) }
    text(": ")
    value(&self)
    text("\r\n")
  }

  mutating func text(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// A number, 0 where it is negative.
  mutating func number(_ value: Int64) {
    var rest = max(0, value)
    var digits = 1
    var probe = rest
    while probe >= 10 {
      probe /= 10
      digits += 1
    }
    for _ in 0..<digits { bytes.append(UInt8(ascii: "0")) }
    var index = bytes.count - 1
    while rest > 0 {
      bytes[index] += UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      index -= 1
    }
  }

  /// A moment as RFC 3339 has it, in whole seconds and always after now.
  mutating func time(_ moment: Instant) {
    let microseconds = max(0, moment.nanoseconds(since: now)) / 1000
    let (sum, isBeyond) = clock.addingReportingOverflow(microseconds)
    let second = (isBeyond ? Int64.max : sum) / 1_000_000
    Timestamp.append(secondsSince1970: second + 1, to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }

  /// The whole seconds until a moment, rounded up.
  mutating func seconds(until moment: Instant) {
    let left = max(0, moment.nanoseconds(since: now))
    number(left / 1_000_000_000 + (left % 1_000_000_000 > 0 ? 1 : 0))
  }

  /// The time until a moment as OpenAI writes it.
  mutating func duration(until moment: Instant) {
    let left = max(0, moment.nanoseconds(since: now))
    bytes.append(contentsOf: GoDuration.text(.nanoseconds(left)).utf8)
  }
}
