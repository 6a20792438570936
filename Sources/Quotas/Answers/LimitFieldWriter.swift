internal import Cassettes
internal import Dialects
internal import Units

/// Writes header lines with numbers and times in them.
struct LimitFieldWriter {
  private(set) var bytes: [UInt8] = []
  private let now: Instant
  private let clock: Int64
  /// The last time that was written, of which several fields have the same.
  private var known: (second: Int64, place: Range<Int>)?

  init(now: Instant, clock: Int64) {
    self.now = now
    self.clock = clock
    bytes.reserveCapacity(640)
  }

  /// Writes one line.
  mutating func line(
    _ name: StaticString..., value: (inout LimitFieldWriter) -> Void
  ) {
    for part in name { text(part) }
    text(": ")
    value(&self)
    text("\r\n")
  }

  mutating func text(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func number(_ value: Int64) {
    guard value >= 0 else { return number(0) }
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// A moment as RFC 3339 has it, in whole seconds and always after now.
  mutating func time(_ moment: Instant) {
    let microseconds = max(0, moment.nanoseconds(since: now)) / 1000
    let (sum, isBeyond) = clock.addingReportingOverflow(microseconds)
    let second = (isBeyond ? Int64.max : sum) / 1_000_000
    if let known, known.second == second {
      bytes.append(contentsOf: Array(bytes[known.place]))
      return
    }
    let (next, isLast) = second.addingReportingOverflow(1)
    let (count, isFar) = next.multipliedReportingOverflow(by: 1_000_000)
    let text = Timestamp.rfc3339(microsecondsSince1970: isLast || isFar ? .max : count)
    let start = bytes.count
    bytes.append(contentsOf: text.utf8.prefix(19))
    bytes.append(UInt8(ascii: "Z"))
    known = (second, start..<bytes.count)
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
