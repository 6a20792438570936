/// When which transfers have their tick: each at least every quarter of a second, with some time to
/// do it.
///
/// The transfers take turns within that time: what a tick has written to disk is a burst of work
/// beside streams that are to be on time.
struct TickSchedule {
  /// How many turns there are.
  static let turns: UInt64 = 8
  private static let periodNanoseconds: Int64 = 240_000_000

  /// When the next turn is due.
  private(set) var next: Int64 = 0
  private var number: UInt64 = 0

  /// Takes the turn that is due.
  ///
  /// - Parameter now: The time, in monotonic nanoseconds.
  /// - Returns: The remainder by `turns` of the numbers of the transfers whose turn it is, or nil
  ///   where it is too early.
  mutating func take(now: Int64) -> UInt64? {
    guard now >= next else { return nil }
    defer { number = (number + 1) % Self.turns }
    // From when it was due: lateness must not add up to more than one turn's.
    next = max(next + Self.periodNanoseconds / Int64(Self.turns), now)
    return number
  }
}
