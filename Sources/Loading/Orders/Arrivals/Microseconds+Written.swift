internal import Cassettes

extension Microseconds {
  /// The time in the largest unit that it is a whole number of, as durations are written: `30s`.
  var written: String {
    let units: [(String, Int64)] = [("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1)]
    // A number has at most nine digits before its point.
    for (unit, factor) in units
    where count > 0 && count % factor == 0 && count / factor < 1_000_000_000 {
      return "\(count / factor)\(unit)"
    }
    let fraction = "\(count % 1_000_000 + 1_000_000)".dropFirst()
    return "\(count / 1_000_000).\(fraction)s"
  }

  /// The time in nanoseconds.
  var nanoseconds: Int64 { count * 1000 }
}
