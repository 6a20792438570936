package import Units

/// A bucket that fills by itself, without steps: the limit of a quota as providers keep it.
///
/// All of it is whole numbers: beside the whole tokens it keeps the part of the next one, in units
/// of a period's share, so nothing is lost to rounding however often it is looked at. In any span
/// of time no more is taken than the amount and what refills in it, but for what was not known when
/// it was charged: that is a debt, and what refills pays it first.
package struct TokenBucket: Sendable {
  /// What it allows.
  package let quota: Quota

  /// How many whole tokens are in it; negative where more was used than was there.
  package private(set) var level: Int64

  /// How much of the next token is there, in `1 / quota.period`.
  private var part: Int64 = 0

  /// When it was looked at last.
  private var moment: Instant

  /// The deepest debt: what is used beyond it is forgotten.
  private static let deepest = -1_000 * Quota.largestAmount

  /// Creates a full bucket.
  package init(_ quota: Quota, at moment: Instant) {
    self.quota = quota
    self.moment = moment
    level = quota.amount
  }

  /// Whether it says nothing of the past.
  package var isFull: Bool { level >= quota.amount }

  /// Adds what has come since it was looked at last; a clock that goes back adds nothing.
  package mutating func refill(to now: Instant) {
    guard now > moment else { return }
    let elapsed = now.nanoseconds(since: moment)
    moment = now
    guard !isFull else { return }
    guard elapsed < wait(for: quota.amount) else {
      (level, part) = (quota.amount, 0)
      return
    }
    let product = UInt64(elapsed).multipliedFullWidth(by: UInt64(quota.amount))
    let (low, carry) = product.low.addingReportingOverflow(UInt64(part))
    // It is less than what is missing, so the quotient fits.
    let (whole, rest) = UInt64(quota.period).dividingFullWidth(
      (product.high + (carry ? 1 : 0), low))
    level += Int64(whole)
    part = Int64(rest)
  }

  /// Takes tokens, be they there or not.
  package mutating func take(_ count: Int64) {
    level = max(Self.deepest, level - min(max(0, count), Quota.largestAmount))
  }

  /// Gives back tokens that were taken and not used; it holds no more than it can.
  package mutating func give(back count: Int64) {
    level = min(quota.amount, level + min(max(0, count), Quota.largestAmount))
    if isFull { part = 0 }
  }

  /// In how many nanoseconds from when it was looked at last so many tokens are there, if nobody
  /// takes any: 0 where they are, `Int64.max` where it never holds so many, or not for centuries.
  package func wait(for count: Int64) -> Int64 {
    guard count > level else { return 0 }
    guard count <= quota.amount else { return .max }
    // Missing parts, rounded up to the nanosecond in which the last of them is there.
    let missing = UInt64(count - level).multipliedFullWidth(by: UInt64(quota.period))
    let amount = UInt64(quota.amount)
    var (high, low) = (missing.high, missing.low)
    let (rest, borrow) = low.subtractingReportingOverflow(UInt64(part))
    if borrow { high -= 1 }
    let (up, carry) = rest.addingReportingOverflow(amount - 1)
    low = up
    if carry { high += 1 }
    guard high < amount else { return .max }
    return Int64(clamping: amount.dividingFullWidth((high, low)).quotient)
  }

  /// How many nanoseconds after a moment it is full, if nobody takes any.
  package func fullIn(from now: Instant) -> Int64 {
    max(0, moment.after(nanoseconds: wait(for: quota.amount)).nanoseconds(since: now))
  }
}
