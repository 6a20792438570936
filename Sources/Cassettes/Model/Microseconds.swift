/// A point in time in an exchange, or a distance between two, in whole microseconds.
///
/// Never negative and never above `limit`, so that sums of two, and a sum scaled by a thousand,
/// cannot overflow.
public struct Microseconds: Hashable, Comparable, Sendable {
  /// The number of microseconds, 0 to 10^15.
  public let count: Int64

  /// 10^15 microseconds, some 31 years: no recording and no plan is longer.
  public static let limit = Microseconds(saturating: 1_000_000_000_000_000)

  /// No time at all.
  public static let zero = Microseconds(saturating: 0)

  /// Creates a time from a count, or nil where it is negative or above `limit`.
  public init?(_ count: Int64) {
    guard (0...1_000_000_000_000_000).contains(count) else { return nil }
    self.count = count
  }

  /// Creates a time from a count, moved to the nearest that can be represented.
  public init(saturating count: Int64) {
    self.count = min(max(count, 0), 1_000_000_000_000_000)
  }

  /// Whether `a` is earlier, or shorter, than `b`.
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }

  /// The sum, or `limit`.
  public static func + (a: Self, b: Self) -> Self { Self(saturating: a.count + b.count) }

  /// The difference, or zero where it would be negative.
  public static func - (a: Self, b: Self) -> Self { Self(saturating: a.count - b.count) }
}
