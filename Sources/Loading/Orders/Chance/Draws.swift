/// Numbers drawn by a seed, each by its place: the n-th is the same whatever was drawn before it.
///
/// The n-th is the n-th output of SplitMix64 (Steele, Lea, Flood, 2014), so that a shard draws for
/// its own orders what the whole schedule draws for them.
package struct Draws: Hashable, Sendable {
  /// What is drawn; each has a sequence of its own, so that one option does not move another.
  package enum Subject: UInt64, Sendable {
    case arrivals = 1
    case requests, cancels, cancelTimes, turns, think
  }

  private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15
  private let start: UInt64

  /// Creates the sequence of one subject.
  package init(seed: UInt64, of subject: Subject) {
    start = Self.mixed(seed &+ Self.increment &* subject.rawValue)
  }

  /// 64 bits of chance.
  package func value(at place: Int) -> UInt64 {
    Self.mixed(start &+ Self.increment &* (UInt64(truncatingIfNeeded: place) &+ 1))
  }

  /// A whole number from 0 to below a bound, which is above 0.
  package func value(below bound: UInt64, at place: Int) -> UInt64 {
    value(at: place).multipliedFullWidth(by: bound).high
  }

  /// A number above 0, up to 1, in steps of 2^-53.
  package func fraction(at place: Int) -> Double { Self.fraction(value(at: place)) }

  /// The upper 53 bits as a number above 0, up to 1.
  static func fraction(_ bits: UInt64) -> Double {
    // Both are exact in a Double.
    Double((bits >> 11) + 1) * 0x1p-53
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
