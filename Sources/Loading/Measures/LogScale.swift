/// Rows of values from a microsecond to a minute, each row so much wider as its values are larger.
package struct LogScale: Hashable, Sendable {
  private static let lowestExponent = 10
  private static let highestExponent = 36

  /// How many times each octave is halved.
  private let bits: Int

  /// Creates a scale of 2 to the power of `bits` rows an octave.
  init(bits: Int) {
    self.bits = bits
  }

  /// How many rows there are.
  package var count: Int { (Self.highestExponent - Self.lowestExponent) << bits }

  /// The row of a value; what is too small or too large is in the first or the last one.
  @inline(__always)
  func row(_ nanoseconds: Int64) -> Int {
    let least: Int64 = 1 << Self.lowestExponent
    let most: Int64 = (1 << Self.highestExponent) - 1
    let value = min(max(nanoseconds, least), most)
    let exponent = 63 &- value.leadingZeroBitCount
    let part = Int(truncatingIfNeeded: value &>> Int64(exponent &- bits)) & ((1 &<< bits) &- 1)
    return (exponent &- Self.lowestExponent) &<< bits | part
  }

  /// The values of a row: from its first to that of the next row.
  package func bounds(_ row: Int) -> Range<Int64> {
    start(row)..<start(row + 1)
  }

  private func start(_ row: Int) -> Int64 {
    let row = min(max(row, 0), count)
    let part = Int64(1 << bits | row & ((1 << bits) - 1))
    return part << Int64(Self.lowestExponent + row >> bits - bits)
  }
}
