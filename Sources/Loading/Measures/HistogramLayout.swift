/// Which values the cells of an HDR histogram stand for.
///
/// The first cells are one unit wide; from there on, each octave has the same number of cells, half
/// as many as the first: as many as so many significant digits need.
struct HistogramLayout {
  /// The digits that a histogram may have.
  static let digits = 0...5

  private let unitMagnitude: Int
  private let halfMagnitude: Int

  /// Creates the layout of a histogram.
  ///
  /// - Parameters:
  ///   - lowest: the lowest value that is told apart from 0; rounded down to a power of two.
  ///   - digits: the significant decimal digits.
  init(lowest: UInt64, digits: Int) {
    unitMagnitude = 63 - max(lowest, 1).leadingZeroBitCount
    let digits = min(max(digits, Self.digits.lowerBound), Self.digits.upperBound)
    let exact = (0..<digits).reduce(UInt64(2)) { value, _ in value * 10 }
    // Up to twice ten to the power of the digits each unit is told apart.
    let magnitude = 64 - (exact - 1).leadingZeroBitCount
    halfMagnitude = max(magnitude, 1) - 1
  }

  /// The lowest value of a cell; nil where it would be beyond 63 bits.
  func value(at index: Int) -> UInt64? {
    guard index >= 0 else { return nil }
    let half = 1 << halfMagnitude
    let isFirst = index < 2 * half
    let octave = isFirst ? 0 : index >> halfMagnitude - 1
    let place = isFirst ? index : index & (half - 1) + half
    let shift = octave + unitMagnitude
    guard shift + halfMagnitude + 1 <= 63 else { return nil }
    return UInt64(place) << UInt64(shift)
  }
}
