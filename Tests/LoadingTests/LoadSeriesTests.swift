import TestSupport
import Testing

@testable import Loading

struct LoadSeriesTests {
  @Test(arguments: [LoadSeries.gapScale, LoadSeries.ttftScale])
  func eachValueIsInTheRowWhoseBoundsHoldIt(scale: LogScale) {
    for exponent in Int64(10)..<36 {
      let lowest: Int64 = 1 << exponent
      for value in [lowest, lowest + 1, lowest * 2 - 1, lowest * 3 / 2] {
        let row = scale.row(value)
        #expect((0..<scale.count).contains(row))
        #expect(scale.bounds(row).contains(value), "\(value) in row \(row)")
      }
    }
    #expect(scale.row(.min) == 0)
    #expect(scale.row(0) == 0)
    #expect(scale.row(.max) == scale.count - 1)
    for row in 1..<scale.count {
      #expect(scale.bounds(row - 1).upperBound == scale.bounds(row).lowerBound)
    }
  }

  @Test func countsWhatHappenedWhereItHappened() {
    var series = LoadSeries()
    series.note(\.begun, at: 0)
    series.note(\.begun, at: 130_000_000)
    series.note(\.ended, at: 260_000_000)
    series.note(gap: 20_000_000, at: 130_000_000)
    series.note(gap: 20_000_000, at: 10)
    series.note(ttft: 50_000_000, at: 0)
    #expect(series.slots.count == 3)
    #expect(series.inFlight == [1, 2, 1])
    #expect((0..<3).map(series.events) == [1, 1, 0])
    #expect(series.gapCounts(in: 1).reduce(0, +) == 1)
    let ttft = series.ttft(percentile: 50, in: 0) ?? 0
    #expect(abs(ttft - 50_000_000) < 3_000_000)
    #expect(series.ttft(percentile: 50, in: 1) == nil)
  }

  @Test func joinsNeighboursWhenARunIsLongAndLosesNothing() {
    var series = LoadSeries()
    for second in Int64(0)..<2000 {
      series.note(gap: second * 1000, at: second * 50_000_000_000)
      series.note(\.arrivals, at: second * 50_000_000_000)
    }
    #expect(series.slots.count <= LoadSeries.slotLimit)
    #expect(series.slots.count > LoadSeries.slotLimit / 2)
    #expect(series.slots.indices.reduce(0) { $0 + series.events(in: $1) } == 2000)
    #expect(series.slots.reduce(0) { $0 + $1.arrivals } == 2000)
    series.note(gap: 1, at: .max)
    #expect(series.slots.count <= LoadSeries.slotLimit)
    #expect(series.thinned(to: 10).slots.count <= 10)
  }

  @Test func addsUpExactlyInAnyOrderWhateverTheWidths() {
    var random = SeededGenerator(3)
    var all = LoadSeries()
    var parts = [LoadSeries](repeating: .init(), count: 3)
    for index in 0..<900 {
      let part = index % 3
      let moment = Int64.random(in: 0...(Int64(part) * 400_000_000_000 + 1), using: &random)
      all.note(gap: moment / 100, at: moment)
      parts[part].note(gap: moment / 100, at: moment)
      all.note(ttft: moment / 50, at: moment)
      parts[part].note(ttft: moment / 50, at: moment)
      all.note(\.ended, at: moment)
      parts[part].note(\.ended, at: moment)
    }
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      var sum = LoadSeries()
      for index in order { sum.add(parts[index]) }
      #expect(sum == all)
    }
  }
}
