extension StreamRecord {
  /// What a stream has of a metric, in nanoseconds; nil where it did not get as far, or the metric
  /// is none of one stream that came whole.
  ///
  /// Of its gaps it is the mean, as other load tools have the inter-token latency of a request.
  package func time(of metric: LoadMetric) -> Int64? {
    switch metric {
    case .dispatch: time(from: scheduled, to: dispatched)
    case .ttfb: time(from: scheduled, to: firstByte)
    case .ttft: time(from: scheduled, to: firstContent)
    case .second: time(from: scheduled, to: secondContent)
    case .stream: time(from: scheduled, to: end)
    case .gap, .gapMean: time(perStepOf: contentEvents)
    case .tpot: time(perStepOf: outputTokens ?? contentEvents)
    case .longestGap: events > 1 ? longestGap : nil
    case .late: latest
    case .broken: nil
    case .ttfbSent: time(from: sent, to: firstByte)
    case .ttftSent: time(from: sent, to: firstContent)
    case .secondSent: time(from: sent, to: secondContent)
    case .streamSent: time(from: sent, to: end)
    }
  }

  /// The time from the first content to the last, by the steps between so many.
  private func time(perStepOf count: Int) -> Int64? {
    guard count > 1, let time = time(from: firstContent, to: lastContent) else { return nil }
    return time / Int64(count - 1)
  }

  /// The time from one moment to another; 0 where that came first.
  private func time(from start: Int64?, to end: Int64?) -> Int64? {
    guard let start, let end else { return nil }
    let (time, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? 0 : max(time, 0)
  }
}
