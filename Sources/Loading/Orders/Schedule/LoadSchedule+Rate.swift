internal import Cassettes
internal import Planning

extension LoadSchedule {
  /// How many streams a second are asked for by this process: for a ramp or a trace on the average
  /// of what is measured; nil for a closed loop, and where that cannot be told.
  ///
  /// Of conversations it counts each turn.
  package var requestedPerSecond: Double? {
    conversationsPerSecond.map { $0 * turns.mean / Double(shard.count) }
  }

  private var conversationsPerSecond: Double? {
    switch arrivals {
    case .constant(let rate), .poisson(let rate), .gamma(let rate, _): return rate.perSecond
    case .concurrent: return nil
    case .ramp(let from, let to, let time):
      let ramp = Ramp(from: from.double, to: to.double, length: Double(time.nanoseconds) / 1e9)
      let start = Double(warmup.nanoseconds) / 1e9
      var ends: [Double] = []
      if let duration { ends.append(Double(duration.nanoseconds) / 1e9) }
      if let count { ends += ramp.time(of: Double(count) / turns.mean).map { [$0] } ?? [] }
      guard let end = ends.min(), end > start else { return to.double }
      return (ramp.arrivals(until: end) - ramp.arrivals(until: start)) / (end - start)
    case .trace:
      guard let trace, trace.length > 0 else { return nil }
      let seconds = Double(trace.length) / 1e9 / (speed?.double ?? 1)
      return Double(trace.count - 1) / seconds
    }
  }
}
