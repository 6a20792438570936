internal import Libc

/// A moment of the system's monotonic clock, to the nanosecond: it never goes back, and does not
/// count the time in which the machine sleeps.
///
/// Sums and differences stop at the ends of what 64 bits hold, some 292 years from the clock's
/// zero.
package struct Instant: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// The nanoseconds since the clock's zero, which most often is the start of the system.
  package var nanoseconds: Int64

  /// Creates the moment at a number of nanoseconds since the clock's zero.
  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The moment that never comes.
  package static let distantFuture = Instant(nanoseconds: .max)

  /// Reads the clock.
  package static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  /// The moment so many nanoseconds later.
  package func after(nanoseconds more: Int64) -> Instant {
    let (sum, isBeyond) = nanoseconds.addingReportingOverflow(more)
    return Instant(nanoseconds: isBeyond ? (more < 0 ? .min : .max) : sum)
  }

  /// How many nanoseconds later than another moment it is; negative where it is earlier.
  package func nanoseconds(since other: Instant) -> Int64 {
    let (difference, isBeyond) = nanoseconds.subtractingReportingOverflow(other.nanoseconds)
    return isBeyond ? (other.nanoseconds < 0 ? .max : .min) : difference
  }

  package static func + (moment: Instant, duration: Duration) -> Instant {
    moment.after(nanoseconds: duration.wholeNanoseconds)
  }

  package static func - (a: Instant, b: Instant) -> Duration {
    .nanoseconds(a.nanoseconds(since: b))
  }
}

extension Duration {
  /// The duration in whole nanoseconds, at most what 64 bits hold.
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (large, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isStillBeyond) = large.addingReportingOverflow(attoseconds / 1_000_000_000)
    return isBeyond || isStillBeyond ? (seconds < 0 ? .min : .max) : sum
  }
}
