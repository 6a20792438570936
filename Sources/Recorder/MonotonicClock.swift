internal import Cassettes
internal import Libc

/// The clocks that a recording is stamped with.
enum MonotonicClock {
  /// Nanoseconds since some fixed moment; never goes back.
  static func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// The time of day in RFC 3339, UTC, with microseconds.
  static func timeOfDay() -> String {
    Timestamp.rfc3339(microsecondsSince1970: Timestamp.now())
  }
}

extension Duration {
  /// The duration in whole nanoseconds, at most some 146 years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0 else { return 0 }
    guard seconds < Int64.max / 2_000_000_000 else { return Int64.max / 2 }
    return max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
