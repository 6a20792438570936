internal import Cassettes
internal import Documents

/// The times of an entry: how long each part of an exchange took. (HAR 1.2, timings)
struct HARTimings {
  /// When the exchange began, in microseconds since 1970, or nil.
  var startedAt: Int64?
  /// How long it took until the request had been sent whole.
  var sending: Int64 = 0
  /// How long the head took from there; nil where the entry does not say it.
  var wait: Int64?
  /// How long the body took from there; nil where the entry does not say it.
  var receive: Int64?

  /// Reads the times of an entry; parts that do not apply are -1.
  init(of entry: Node, startedAt: Int64?) throws {
    self.startedAt = startedAt
    guard let timings = entry["timings"], !timings.isNull else {
      wait = try Self.part("time", of: entry)
      return
    }
    guard timings.members != nil else {
      throw ImportError.expected("a mapping for timings", timings)
    }
    for key in ["blocked", "dns", "connect", "send"] {
      sending &+= try Self.part(key, of: timings) ?? 0
    }
    wait = try Self.part("wait", of: timings)
    receive = try Self.part("receive", of: timings)
  }

  private static func part(_ key: String, of node: Node) throws -> Int64? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let number = value.double else {
      throw ImportError.expected("a number of milliseconds for \(key)", value)
    }
    guard number >= 0 else { return nil }
    // A part of a day that is longer than any recording says nothing.
    return HARTime.microseconds(milliseconds: number).map { min($0, Microseconds.limit.count) }
  }

  /// When the head was there, from when the request had been sent.
  var head: Microseconds { Microseconds(saturating: wait ?? 0) }

  /// When the body was there.
  var end: Microseconds { head + Microseconds(saturating: receive ?? 0) }

  /// What the parts say of the answer as a whole.
  ///
  /// A stream that took no time to be received was not timed: a pace makes better times than one
  /// burst.
  func span(isEventStream: Bool) -> Capture.Times {
    let isTimed = isEventStream ? (receive ?? 0) > 0 : (wait ?? 0) + (receive ?? 0) > 0
    return isTimed ? .span(head: head, end: end) : .unknown
  }

  /// A moment, given in microseconds since 1970, from when the request had been sent.
  func sinceSent(_ moment: Int64) -> Microseconds? {
    guard let startedAt else { return nil }
    let (span, overflow) = moment.subtractingReportingOverflow(startedAt)
    let (rest, isTooMuch) = span.subtractingReportingOverflow(sending)
    return overflow || isTooMuch ? nil : Microseconds(saturating: rest)
  }
}
