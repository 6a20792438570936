extension LoadMeter {
  /// The most statuses that are told apart; an answer with another one is counted as 0.
  package static let statusLimit = 100

  /// Notes a stream that has ended, however.
  package mutating func note(_ record: StreamRecord) {
    guard !record.order.isWarmup else { return }
    count(record)
    place(record)
    histograms[LoadMetric.dispatch.index].note(since(record.scheduled, record.dispatched))
    switch record.outcome {
    // The times of a refusal say nothing about streams.
    case .status, .notAStream, .refused: break
    default: measure(record)
    }
    let took = since(record.scheduled, record.end)
    switch record.outcome {
    case .whole:
      histograms[LoadMetric.stream.index].note(took)
      note(record.end, .streamSent, sent: record.sent)
      measureWhole(record)
    case .cancelled: break
    default: histograms[LoadMetric.broken.index].note(took)
    }
  }

  private mutating func count(_ record: StreamRecord) {
    streams += 1
    outcomes[record.outcome, default: 0] += 1
    if let status = record.status {
      let isKnown = statuses[status] != nil || statuses.count < Self.statusLimit
      statuses[isKnown ? status : 0, default: 0] += 1
    }
    if let detail = record.detail { details.note(detail) }
    if let verification = record.verification { verifications[verification, default: 0] += 1 }
    if bounds.holds(record) { good += 1 }
    events = events.addingSaturated(record.events)
    contentEvents = contentEvents.addingSaturated(record.contentEvents)
    bytes = bytes.addingSaturated(record.bytes)
    if let tokens = record.outputTokens {
      outputTokens = outputTokens.addingSaturated(tokens)
      tokenStreams += 1
    }
  }

  /// Notes when what happened.
  private mutating func place(_ record: StreamRecord) {
    noteDue(from: record.scheduled, until: record.dispatched)
    series.note(\.arrivals, at: record.scheduled)
    series.note(\.begun, at: record.dispatched)
    series.note(\.ended, at: record.end)
    if record.outcome.isError { series.note(\.errors, at: record.end) }
    if record.events > 0, let first = record.firstByte { series.note(\.firsts, at: first) }
  }

  /// Notes how long it took to what it got as far as.
  private mutating func measure(_ record: StreamRecord) {
    note(record.firstByte, .ttfb, .ttfbSent, of: record)
    note(record.firstContent, .ttft, .ttftSent, of: record)
    note(record.secondContent, .second, .secondSent, of: record)
    if let first = record.firstContent {
      series.note(ttft: since(record.scheduled, first), at: record.scheduled)
    }
    if record.events > 1 { histograms[LoadMetric.longestGap.index].note(record.longestGap) }
  }

  /// Notes what only a whole stream has.
  private mutating func measureWhole(_ record: StreamRecord) {
    guard let first = record.firstContent, let last = record.lastContent else { return }
    let time = since(first, last)
    if record.contentEvents > 1 {
      histograms[LoadMetric.gapMean.index].note(time / Int64(record.contentEvents - 1))
    }
    let tokens = record.outputTokens ?? record.contentEvents
    guard tokens > 1 else { return }
    histograms[LoadMetric.tpot.index].note(time / Int64(tokens - 1))
    if record.outputTokens != nil { tpotByTokens += 1 }
  }

  private mutating func note(
    _ moment: Int64?, _ metric: LoadMetric, _ metricSent: LoadMetric, of record: StreamRecord
  ) {
    guard let moment else { return }
    histograms[metric.index].note(since(record.scheduled, moment))
    note(moment, metricSent, sent: record.sent)
  }

  private mutating func note(_ moment: Int64, _ metric: LoadMetric, sent: Int64?) {
    guard let sent else { return }
    histograms[metric.index].note(since(sent, moment))
  }

  /// The time from one moment to another; 0 where that came first, as the first byte of an answer
  /// may before the request has been sent whole.
  private func since(_ moment: Int64, _ later: Int64) -> Int64 {
    max(later.subtractingOrZero(moment), 0)
  }
}
