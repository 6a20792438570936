/// A histogram in a few numbers; times are in nanoseconds.
package struct LatencySummary: Hashable, Sendable {
  /// How many values there were, at least one.
  package var count: Int
  /// Their mean.
  package var mean: Double
  /// What so many percent of them do not exceed.
  package var p50: Int64
  package var p90: Int64
  package var p95: Int64
  package var p99: Int64
  package var p999: Int64
  /// The largest of them.
  package var max: Int64

  /// Sums up a histogram; nil for one without values, which has no percentiles.
  package init?(_ histogram: LatencyHistogram) {
    guard histogram.count > 0 else { return nil }
    count = histogram.count
    mean = histogram.mean
    p50 = histogram.percentile(50)
    p90 = histogram.percentile(90)
    p95 = histogram.percentile(95)
    p99 = histogram.percentile(99)
    p999 = histogram.percentile(99.9)
    max = histogram.longest
  }

  /// The percentiles with their names, and the largest value, as every output has them.
  package var columns: [(name: String, nanoseconds: Int64)] {
    [("p50", p50), ("p90", p90), ("p95", p95), ("p99", p99), ("p999", p999), ("max", max)]
  }

  /// The names of the columns, for where there is no value either.
  package static let columnNames = ["p50", "p90", "p95", "p99", "p999", "max"]
}
