extension LoadSeries {
  /// How many streams were under way at the end of each stretch.
  package var inFlight: [Int] {
    var now = 0
    return slots.map { slot in
      // Counts of a file may be beyond what fits.
      now = now &+ slot.begun &- slot.ended
      return now
    }
  }

  /// How many events came in a stretch.
  package func events(in slot: Int) -> Int {
    gapCounts(in: slot).reduce(slots[slot].firsts) { $0.addingSaturated(Int($1)) }
  }

  /// How many gaps ended in a stretch, for each row of `gapScale`.
  package func gapCounts(in slot: Int) -> ArraySlice<UInt32> {
    gaps[slot * Self.gapScale.count..<(slot + 1) * Self.gapScale.count]
  }

  /// How many streams that were due in a stretch took so long to their first token, for each row of
  /// `ttftScale`.
  package func ttftCounts(in slot: Int) -> ArraySlice<UInt32> {
    ttfts[slot * Self.ttftScale.count..<(slot + 1) * Self.ttftScale.count]
  }

  /// What so many percent of the streams that were due in a stretch needed at most to their first
  /// token, in nanoseconds and within 5 percent; nil where there were none.
  package func ttft(percentile percent: Double, in slot: Int) -> Int64? {
    let counts = ttftCounts(in: slot)
    let total = counts.reduce(0) { $0 + Int($1) }
    guard total > 0 else { return nil }
    let wanted = max((Double(total) * percent / 100).rounded(.up), 1)
    var seen = 0
    for (row, count) in counts.enumerated() {
      seen += Int(count)
      if Double(seen) >= wanted {
        let bounds = Self.ttftScale.bounds(row)
        return bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) / 2
      }
    }
    return nil
  }

  /// The same in no more stretches than that many, which are as much longer.
  package func thinned(to limit: Int) -> Self {
    var series = self
    while series.slots.count > max(limit, 1) { series.widen() }
    return series
  }
}
