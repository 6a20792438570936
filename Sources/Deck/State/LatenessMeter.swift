internal import Histogram
internal import Synchronization

/// How late the writes of one event loop were: written there, read anywhere.
final class LatenessMeter: Sendable {
  private struct Tally {
    var histogram = LatenessMeter.emptyHistogram()
    var sumNanoseconds: UInt64 = 0
  }

  private static let longestNanoseconds: Int64 = 3_600_000_000_000

  private let tally = Mutex(Tally())

  /// Notes how late some writes were; an hour stands for all that is more.
  func note(nanoseconds: [Int64]) {
    tally.withLock {
      for late in nanoseconds {
        let value = UInt64(max(0, min(late, Self.longestNanoseconds)))
        $0.histogram.record(value)
        $0.sumNanoseconds &+= value
      }
    }
  }

  /// Adds what was noted to a histogram, and returns the sum of it in nanoseconds.
  func add(to histogram: inout Histogram<UInt64>) -> UInt64 {
    let (mine, sum) = tally.withLock { ($0.histogram, $0.sumNanoseconds) }
    histogram.add(mine)
    return sum
  }

  /// A histogram of nanoseconds with nothing in it.
  static func emptyHistogram() -> Histogram<UInt64> {
    Histogram(
      highestTrackableValue: UInt64(longestNanoseconds), numberOfSignificantValueDigits: .two)
  }
}
