/// What is computed of a report: what every output says, and objectives are held against.
package struct LoadSummary: Sendable, Equatable {
  /// How many streams were begun, warm-up apart.
  package var streams: Int
  /// How many of them came whole.
  package var completed: Int
  /// How many came whole and within the bounds of goodput.
  package var good: Int
  /// How many orders no request was sent for.
  package var notSent: Int
  /// The rate that was asked for, in streams a second; nil for a closed loop.
  package var requestedPerSecond: Double?
  /// The rate at which streams were begun.
  ///
  /// In an open loop it is taken over the time in which they were due: from the first to the last
  /// that was due or begun, orders that were not sent included. In a closed one, over the whole
  /// measured part, as a place is free only when a stream has ended.
  package var achievedPerSecond: Double
  /// Events of every kind that came, by the whole measured part.
  package var eventsPerSecond: Double
  /// The share of the achieved rate that came whole and within its bounds.
  package var goodputPerSecond: Double
  /// How many streams had which outcome; without those that none had.
  package var outcomes: [StreamOutcome: Int]
  /// What was seen of each metric; without those that no stream got as far as.
  package var latencies: [LoadMetric: LatencySummary]
  /// Why the numbers are the generator's and not the server's; nil where it was in time.
  package var lateReason: String?
  /// Whether the latencies show a server that stood still (coordinated omission).
  package var isOpen: Bool

  /// Sums up a report.
  package init(_ report: LoadReport) {
    let meter = report.meter
    streams = meter.streams
    outcomes = meter.outcomes
    completed = meter.outcomes[.whole] ?? 0
    good = meter.good
    notSent = meter.notSent.values.reduce(0) { $0.addingSaturated($1) }
    requestedPerSecond = report.requestedPerSecond
    isOpen = report.isOpen
    achievedPerSecond = Self.achieved(report)
    eventsPerSecond = Self.rate(meter.events, in: report.took)
    goodputPerSecond =
      meter.streams > 0 ? achievedPerSecond * Double(meter.good) / Double(meter.streams) : 0
    latencies = [:]
    for metric in LoadMetric.allCases {
      latencies[metric] = LatencySummary(meter[metric])
    }
    lateReason = Self.lateReason(
      dispatch: latencies[.dispatch]?.p99, ttft: latencies[.ttft]?.p50)
  }

  /// Whether the generator itself was late.
  package var generatorLate: Bool { lateReason != nil }

  /// How many streams count as errors.
  package var errors: Int {
    outcomes.reduce(0) { $1.key.isError ? $0.addingSaturated($1.value) : $0 }
  }

  /// The share of errors, 0 to 1, among the streams that this side did not leave itself.
  package var errorShare: Double {
    let ended = streams - (outcomes[.cancelled] ?? 0)
    return ended > 0 ? Double(errors) / Double(ended) : 0
  }

  private static func achieved(_ report: LoadReport) -> Double {
    let meter = report.meter
    guard report.isOpen, meter.due > 1, let first = meter.firstDue, let last = meter.lastDue,
      last > first
    else { return rate(meter.streams, in: report.took) }
    // As many orders have one interval less between them.
    let intervals = Double(meter.due - 1) / Double(meter.due)
    return rate(meter.streams, in: last - first) * intervals
  }

  private static func rate(_ count: Int, in nanoseconds: Int64) -> Double {
    nanoseconds > 0 ? Double(count) * 1e9 / Double(nanoseconds) : 0
  }

  /// More than 1 ms, or than 1 % of what half of the streams needed to their first token.
  private static func lateReason(dispatch: Int64?, ttft: Int64?) -> String? {
    guard let dispatch else { return nil }
    let delay = "1 % of the streams began \(Milliseconds.text(dispatch)) or more behind schedule"
    if dispatch > 1_000_000 { return "\(delay); at most 1 ms is allowed" }
    guard let ttft, dispatch > ttft / 100 else { return nil }
    return "\(delay); that is more than 1 % of the median TTFT of \(Milliseconds.text(ttft))"
  }
}

/// Times as sentences have them.
enum Milliseconds {
  /// `1.234 ms`, to the microsecond.
  static func text(_ nanoseconds: Int64) -> String {
    let microseconds = nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0)
    let fraction = String(microseconds % 1000 + 1000).dropFirst()
    return "\(microseconds / 1000).\(fraction) ms"
  }
}
