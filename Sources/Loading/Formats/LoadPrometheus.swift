internal import Units

/// Results for Prometheus, by way of the textfile collector of its node_exporter or a push gateway.
package enum LoadPrometheus {
  /// The text of a run.
  package static func bytes(of report: LoadReport) -> [UInt8] {
    let summary = LoadSummary(report)
    var text = PrometheusText()
    addCounts(of: report.meter, summary, to: &text)
    addRates(of: report, summary, to: &text)
    for metric in LoadMetric.allCases { add(metric, summary.latencies[metric], to: &text) }
    return Array(text.text.utf8)
  }

  private static func addCounts(
    of meter: LoadMeter, _ summary: LoadSummary, to text: inout PrometheusText
  ) {
    text.add(
      .counter, "tapedeck_load_streams_total", help: "Streams that ended, by outcome.",
      samples: samples("outcome", meter.outcomes))
    text.add(
      .counter, "tapedeck_load_not_sent_total",
      help: "Streams that were due and that no request was sent for, by reason.",
      samples: samples("reason", meter.notSent))
    text.add(
      .counter, "tapedeck_load_verified_total",
      help: "Whole streams, by how they compare with the recording.",
      samples: samples("result", meter.verifications))
    text.add(
      .counter, "tapedeck_load_responses_total", help: "Answers, by status.",
      samples: meter.statuses.sorted { $0.key < $1.key }.map { status, count in
        .init(labels: [("status", "\(status)")], value: "\(count)")
      })
    let counts = [
      ("events", "Events that came.", meter.events),
      ("content_events", "Events with content that came.", meter.contentEvents),
      ("body_bytes", "Body bytes that came.", meter.bytes),
      ("output_tokens", "Output tokens, as usages say.", meter.outputTokens),
      ("good", "Whole streams within the bounds of goodput.", meter.good),
      ("early_events", "Events that came earlier than recorded.", meter.early),
    ]
    for (name, help, count) in counts {
      text.add(.counter, "tapedeck_load_\(name)_total", help: help, count)
    }
  }

  private static func addRates(
    of report: LoadReport, _ summary: LoadSummary, to text: inout PrometheusText
  ) {
    let rates = [
      ("requested", "Streams a second that were asked for.", summary.requestedPerSecond),
      ("achieved", "Streams a second that were begun.", summary.achievedPerSecond),
      ("events", "Events a second.", summary.eventsPerSecond),
      ("goodput", "Good streams a second.", summary.goodputPerSecond),
    ]
    for case (let name, let help, let rate?) in rates {
      text.add(
        .gauge, "tapedeck_load_\(name)_per_second", help: help,
        samples: [.init(value: LoadNumber.rounded(rate))])
    }
    text.add(
      .gauge, "tapedeck_load_took_seconds", help: "How long the measured part took.",
      samples: [.init(value: seconds(report.took))])
    text.add(
      .gauge, "tapedeck_load_generator_late",
      help: "1 where the generator was late: the numbers are not the server's.",
      summary.generatorLate ? 1 : 0)
  }

  private static func add(
    _ metric: LoadMetric, _ latency: LatencySummary?, to text: inout PrometheusText
  ) {
    guard let latency else { return }
    let quantiles = [
      ("0.5", latency.p50), ("0.9", latency.p90), ("0.95", latency.p95), ("0.99", latency.p99),
      ("0.999", latency.p999), ("1", latency.max),
    ]
    var samples = quantiles.map { quantile, value in
      PrometheusText.Sample(labels: [("quantile", quantile)], value: seconds(value))
    }
    let sum = min(latency.mean * Double(latency.count), 9e18)
    samples.append(.init(suffix: "_sum", value: seconds(Int64(sum))))
    samples.append(.init(suffix: "_count", value: "\(latency.count)"))
    text.add(
      .summary, "tapedeck_load_\(metric.rawValue)_seconds", help: metric.help, samples: samples)
  }

  private static func samples<Key: CaseIterable & RawRepresentable<String> & Hashable>(
    _ label: String, _ counts: [Key: Int]
  ) -> [PrometheusText.Sample] {
    Key.allCases.map { key in
      .init(labels: [(label, key.rawValue)], value: "\(counts[key] ?? 0)")
    }
  }

  private static func seconds(_ nanoseconds: Int64) -> String {
    PrometheusText.seconds(nanoseconds: UInt64(max(nanoseconds, 0)))
  }
}

extension LoadMetric {
  /// What it is, in a line.
  fileprivate var help: String {
    switch self {
    case .dispatch: "From the scheduled start until the generator began."
    case .ttfb: "From the scheduled start to the first byte."
    case .ttft: "From the scheduled start to the first event with content."
    case .second: "From the scheduled start to the second event with content."
    case .gap: "Between two events of a stream, those of all streams pooled."
    case .late: "How much later than recorded events came."
    case .stream: "From the scheduled start to the end of whole streams."
    case .gapMean: "The mean between events with content, by stream."
    case .tpot: "Time per output token, by stream."
    case .longestGap: "The longest time between two events, by stream."
    case .broken: "From the scheduled start to the end of streams that did not come whole."
    case .ttfbSent: "From the actual send to the first byte."
    case .ttftSent: "From the actual send to the first event with content."
    case .secondSent: "From the actual send to the second event with content."
    case .streamSent: "From the actual send to the end of whole streams."
    }
  }
}
