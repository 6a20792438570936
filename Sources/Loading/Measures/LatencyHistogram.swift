internal import Histogram

/// How often which latency was seen: an HDR histogram of nanoseconds with three significant digits.
///
/// It has room for the longest time from the start, 270 KiB: where it grew in the middle of a run,
/// what came meanwhile would be read late. Two of them add up exactly: the sum has the percentiles
/// of one that saw all values.
package struct LatencyHistogram: Sendable {
  /// The longest time that is told apart, an hour; what took longer counts as an hour.
  package static let limit: Int64 = 3_600_000_000_000
  /// The significant decimal digits.
  static let digits = 3

  private(set) var histogram = Histogram<UInt64>(
    highestTrackableValue: UInt64(limit), numberOfSignificantValueDigits: .three)

  /// Begins with nothing seen.
  package init() {}

  /// Notes a time of that many nanoseconds; a negative one counts as 0.
  @inline(__always)
  mutating func note(_ nanoseconds: Int64) {
    histogram.record(UInt64(min(max(nanoseconds, 0), Self.limit)))
  }

  /// Notes a time as often as it was seen.
  mutating func note(_ nanoseconds: UInt64, count: UInt64) {
    histogram.record(min(nanoseconds, UInt64(Self.limit)), count: count)
  }

  /// Adds what another one has seen.
  mutating func add(_ other: Self) {
    histogram.add(other.histogram)
  }

  /// How many times were noted.
  package var count: Int { Int(clamping: histogram.totalCount) }

  /// The shortest and the longest of them, exactly; 0 where there is none.
  package var shortest: Int64 { Int64(clamping: histogram.min) }
  package var longest: Int64 { Int64(clamping: histogram.maxRecorded) }

  /// The time that so many percent of those noted do not exceed; 0 where there is none.
  ///
  /// It is the middle of a cell, which is within 0.05 percent of each value that can be in it: the
  /// upper end, which other tools show, is up to twice as far off, and always to one side.
  package func percentile(_ percent: Double) -> Int64 {
    let upper = histogram.valueAtPercentile(percent)
    guard percent < 100 else { return Int64(clamping: upper) }
    let lowest = histogram.lowestEquivalentForValue(upper)
    let middle = lowest + histogram.sizeOfEquivalentRangeForValue(upper) >> 1
    return min(max(Int64(clamping: middle), shortest), longest)
  }

  /// The mean, as exact as the digits are; 0 where there is none.
  package var mean: Double {
    var sum = 0.0
    forEachCell { value, count in
      let middle = value + histogram.sizeOfEquivalentRangeForValue(value) >> 1
      if count > 0 { sum += Double(middle) * Double(count) }
    }
    guard histogram.totalCount > 0 else { return 0 }
    // The middle of a cell may be beyond the outermost values.
    return min(max(sum / Double(histogram.totalCount), Double(shortest)), Double(longest))
  }

  /// Calls with the lowest value of each cell and how often it was seen, in order, up to the cell
  /// of the longest time.
  ///
  /// The iterators of the library add up values, which traps where a sum is beyond 64 bits.
  func forEachCell(_ body: (_ lowest: UInt64, _ count: UInt64) -> Void) {
    let longest = histogram.maxRecorded
    var index = 0
    while let value = Self.layout.value(at: index), value <= longest {
      body(value, histogram.countForValue(value))
      index += 1
    }
  }

  /// Whether two times are in one cell.
  func tellsNotApart(_ one: UInt64, _ other: UInt64) -> Bool {
    histogram.valuesAreEquivalent(one, other)
  }

  /// How the cells lie.
  static let layout = HistogramLayout(lowest: 1, digits: digits)
}

extension LatencyHistogram: Equatable {
  package static func == (one: Self, other: Self) -> Bool {
    guard one.histogram.totalCount == other.histogram.totalCount,
      one.longest == other.longest, one.shortest == other.shortest
    else { return false }
    var isEqual = true
    one.forEachCell { value, count in
      if other.histogram.countForValue(value) != count { isEqual = false }
    }
    return isEqual
  }
}
