internal import Matching
internal import Synchronization
internal import Units

/// `/~/metrics`: what the deck has done, for Prometheus.
struct MetricsPage: ControlPage {
  let name = "metrics"
  let state: DeckState

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    var text = PrometheusText()
    addRequests(to: &text)
    addAnswers(to: &text)
    addLimits(to: &text)
    addLateness(to: &text)
    addWakes(to: &text)
    return .page(type: PrometheusText.contentType, Array(text.text.utf8))
  }

  private func addRequests(to text: inout PrometheusText) {
    let counts = state.counts.withLock { $0 }
    text.add(
      .counter, "tapedeck_requests_total",
      help: "Requests, including those for the deck's own pages.",
      counts.requests)
    text.add(
      .counter, "tapedeck_misses_total", help: "Requests that matched no exchange.", counts.misses)
    text.add(
      .counter, "tapedeck_refused_total", help: "Requests refused for any other reason.",
      counts.refused)
    text.add(
      .counter, "tapedeck_foreign_total",
      help: "Requests refused for their host or their page's origin; no other counter has them.",
      counts.foreign)
    text.add(
      .counter, "tapedeck_loose_total",
      help: "Requests answered by an exchange with a different request body.", counts.loose)
    text.add(
      .counter, "tapedeck_forwarded_total", help: "Requests forwarded to an upstream.",
      counts.forwarded)
    text.add(
      .counter, "tapedeck_lost_recordings_total", help: "Recordings that could not be written.",
      counts.lost)
    text.add(
      .gauge, "tapedeck_connections", help: "Open connections.", state.connections.value)
    text.add(
      .gauge, "tapedeck_streams_active", help: "Answers under way, without those that wait.",
      state.streams.load(ordering: .relaxed))
    text.add(
      .gauge, "tapedeck_answers_in_progress", help: "Answers that have not ended.",
      state.journal.answersInProgress)
    text.add(
      .gauge, "tapedeck_request_body_bytes",
      help: "Bytes of request bodies in progress, limited by --max-bodies.",
      state.bodies.usedBytes)
    text.add(
      .gauge, "tapedeck_sessions", help: "Sessions in memory.",
      state.sessions.withLock { $0.count })
  }

  private func addAnswers(to text: inout PrometheusText) {
    let totals = state.journal.totals
    text.add(
      .counter, "tapedeck_answers_total", help: "Answers by how they ended.",
      samples: JournalEntry.Ended.all.map { ended in
        .init(labels: [("ended", ended.word)], value: "\(totals.endings[ended] ?? 0)")
      })
    text.add(
      .counter, "tapedeck_faults_total", help: "Faults that fired, by name.",
      samples: totals.faults.sorted { $0.key < $1.key }.map { name, count in
        .init(labels: [("fault", name)], value: "\(count)")
      })
    text.add(
      .counter, "tapedeck_body_bytes_total", help: "Body bytes sent.", totals.bytes)
    text.add(
      .counter, "tapedeck_events_total", help: "Events sent whole.", totals.events)
  }

  /// What only a deck with limits has.
  private func addLimits(to text: inout PrometheusText) {
    guard let gauges = state.limiter?.gauges else { return }
    text.add(
      .gauge, "tapedeck_streams_waiting", help: "Requests that wait for a place.",
      gauges.waitingCount)
    let refused = gauges.refused.map { name, count in
      PrometheusText.Sample(labels: [("limit", name)], value: "\(count)")
    }
    text.add(
      .counter, "tapedeck_limited_total", help: "Requests refused by a limit or in an outage.",
      samples: refused + [.init(labels: [("limit", "outage")], value: "\(gauges.outageCount)")])
    text.add(
      .gauge, "tapedeck_limit_left",
      help: "What the client with the least left has left of a limit.",
      samples: gauges.left.map { name, count in
        .init(labels: [("limit", name)], value: "\(count)")
      })
  }

  private func addWakes(to text: inout PrometheusText) {
    let wakes = state.wakes
    text.add(
      .counter, "tapedeck_loop_wakes_total", help: "How often an event loop woke.",
      wakes.wakes)
    text.add(
      .counter, "tapedeck_loop_spins_total",
      help: "How often an event loop woke with nothing to do.", wakes.spins)
  }

  private func addLateness(to text: inout PrometheusText) {
    let lateness = state.lateness
    let quantiles = [
      ("0.5", lateness.p50Nanoseconds), ("0.9", lateness.p90Nanoseconds),
      ("0.99", lateness.p99Nanoseconds), ("1", lateness.maxNanoseconds),
    ]
    var samples = quantiles.map { quantile, value in
      PrometheusText.Sample(
        labels: [("quantile", quantile)], value: PrometheusText.seconds(nanoseconds: value))
    }
    samples.append(
      .init(suffix: "_sum", value: PrometheusText.seconds(nanoseconds: lateness.sumNanoseconds)))
    samples.append(.init(suffix: "_count", value: "\(lateness.writes)"))
    text.add(
      .summary, "tapedeck_write_lateness_seconds",
      help: "How long after its deadline a write was made; never before it.", samples: samples)
  }
}
