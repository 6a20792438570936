import Histogram
import TestSupport
import Testing

@testable import Loading

struct LatencyHistogramTests {
  @Test func hasEachPercentileWithinATwoThousandth() {
    var histogram = LatencyHistogram()
    for value in Int64(1)...10_000 { histogram.note(value * 10_000) }
    for percent in [50.0, 90, 95, 99, 99.9] {
      let exact = percent * 1_000_000
      let found = Double(histogram.percentile(percent))
      #expect(abs(found - exact) <= exact / 2000, "p\(percent) is \(found)")
    }
    #expect(histogram.longest == 100_000_000)
    #expect(histogram.shortest == 10_000)
    #expect(abs(histogram.mean - 50_005_000) < 50_000)
  }

  @Test func countsWhatIsTooLongAsAnHourAndWhatIsNegativeAsNothing() {
    var histogram = LatencyHistogram()
    histogram.note(.max)
    histogram.note(.min)
    #expect(histogram.longest == LatencyHistogram.limit)
    #expect(histogram.shortest == 0)
    #expect(histogram.count == 2)
  }

  @Test func aSumHasThePercentilesOfOneThatSawAll() {
    var random = SeededGenerator(7)
    var all = LatencyHistogram()
    var parts = [LatencyHistogram](repeating: .init(), count: 4)
    for _ in 0..<3000 {
      let value = Int64.random(
        in: 0...(1 << Int64.random(in: 1...41, using: &random)), using: &random)
      all.note(value)
      parts[Int.random(in: 0..<4, using: &random)].note(value)
    }
    var sum = LatencyHistogram()
    for part in parts.reversed() { sum.add(part) }
    #expect(sum == all)
    #expect(LatencySummary(sum) == LatencySummary(all))
  }

  @Test func oneWithoutValuesHasNoPercentiles() {
    #expect(LatencySummary(LatencyHistogram()) == nil)
  }

  @Test func takes270KiBAtMost() {
    var histogram = LatencyHistogram()
    histogram.note(.max)
    #expect(histogram.histogram.estimatedFootprintInBytes < 400 << 10)
  }
}
