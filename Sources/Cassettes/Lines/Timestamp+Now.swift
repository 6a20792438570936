internal import Libc

extension Timestamp {
  /// The microseconds since 1970-01-01T00:00:00Z now, by the clock of the machine.
  public static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
  }
}
