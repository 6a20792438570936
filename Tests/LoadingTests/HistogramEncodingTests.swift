import TestSupport
import Testing

@testable import Loading

struct HistogramEncodingTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func whatIsReadBackIsEqual(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    var histogram = LatencyHistogram()
    for _ in 0..<Int.random(in: 1...500, using: &random) {
      let bits = Int64.random(in: 0...44, using: &random)
      histogram.note(.random(in: 0...(1 << bits), using: &random))
    }
    let text = try histogram.encoded()
    let read = LatencyHistogram(
      encoded: text, shortest: UInt64(histogram.shortest), longest: UInt64(histogram.longest))
    #expect(read == histogram)
    // Without the outermost values, those of their cells are taken.
    let rough = try #require(LatencyHistogram(encoded: text))
    #expect(rough.count == histogram.count)
    #expect(rough.longest <= histogram.longest)
    #expect(text.starts(with: Array("HISTFAAA".utf8)))
  }

  /// What the library of another language has encoded, and what it says of that.
  @Test(arguments: [
    // Three digits from 1 ns to an hour.
    (
      "HISTFAAAADN4nJNpmSzMwMAAwiDADKUZgUw3gx0LGOw/QAWYfsqzMe3vY+Q77HJgFk/vdCYWAN3SCnQ=",
      100_014, Int64(20_004_863), Int64(3_598_182_350_848)
    ),
    // Two digits from 1000 on.
    (
      "HISTFAAAACZ4nJNpmSzMwMDAygABTBCK+QWIvDZ5CYP9B4iIIMdBcSEAfzQGeA==", 13,
      Int64(123_207_680), 123_207_680
    ),
    ("HISTFAAAABp4nJNpmSzMgADMUJoRQrYtsP8AEQAARQADoQ==", 0, 0, 0),
  ])
  func readsThoseOfAnotherLibrary(text: String, count: Int, median: Int64, longest: Int64) throws {
    let histogram = try #require(LatencyHistogram(encoded: Array(text.utf8)))
    #expect(histogram.count == count)
    #expect(abs(histogram.percentile(50) - median) <= median / 100)
    #expect(abs(histogram.longest - longest) <= longest / 100)
  }

  @Test func refusesWhatIsNone() throws {
    var histogram = LatencyHistogram()
    for value in 0..<200 { histogram.note(Int64(value) * 12345) }
    let text = try histogram.encoded()
    for length in 0..<text.count {
      #expect(LatencyHistogram(encoded: Array(text.prefix(length))) == nil)
    }
    var random = SeededGenerator(5)
    for _ in 0..<300 {
      var damaged = text
      for _ in 0..<3 {
        let place = Int.random(in: 0..<text.count, using: &random)
        damaged[place] = text.randomElement(using: &random) ?? 0
      }
      // Whatever it says, it says it without a trap.
      _ = LatencyHistogram(encoded: damaged)
    }
    #expect(LatencyHistogram(encoded: text, shortest: 5, longest: 199 * 12345) == nil)
    #expect(LatencyHistogram(encoded: text, shortest: 0, longest: 1) == nil)
  }

  @Test func layoutsHaveEachValueOnce() {
    for (lowest, digits) in [(UInt64(1), 3), (1000, 2), (1, 0), (1, 5), (4096, 1)] {
      let layout = HistogramLayout(lowest: lowest, digits: digits)
      var last: UInt64?
      for index in 0..<9000 {
        guard let value = layout.value(at: index) else { break }
        if let last { #expect(value > last) }
        last = value
      }
      #expect(layout.value(at: .max) == nil)
    }
  }
}
