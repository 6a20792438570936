/// Which number of many stands for them.
package enum LatencyStatistic: String, CaseIterable, Hashable, Sendable {
  case p50, p90, p95, p99, p999, max, mean

  /// The number, in nanoseconds.
  func value(of summary: LatencySummary) -> Double {
    switch self {
    case .p50: Double(summary.p50)
    case .p90: Double(summary.p90)
    case .p95: Double(summary.p95)
    case .p99: Double(summary.p99)
    case .p999: Double(summary.p999)
    case .max: Double(summary.max)
    case .mean: summary.mean
    }
  }
}
