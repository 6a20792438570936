package import Cassettes
internal import LosslessJSON

/// What `load --json` writes, and `--merge` and `--against` read.
///
/// What people and scripts look for stands in front; times are whole microseconds there. Behind it
/// stands all that was measured, exactly: `series` and, in Base64, `histograms`.
package struct LoadJSON: Sendable {
  /// What became of one objective.
  package struct Objective: Hashable, Sendable {
    /// The objective, as it was written.
    package var slo: String
    /// What was measured, in the unit of the objective; nil where there was nothing to measure.
    package var value: Double?
    /// Whether it holds.
    package var held: Bool

    /// Creates one.
    package init(slo: String, value: Double?, held: Bool) {
      self.slo = slo
      self.value = value
      self.held = held
    }

    fileprivate var json: JSONValue {
      .object([
        .init("slo", .string(slo)), .init("value", LoadJSON.number(value.map(LoadNumber.rounded))),
        .init("held", .bool(held)),
      ])
    }
  }

  private let report: LoadReport
  private let summary: LoadSummary
  private let objectives: [Objective]

  /// Creates the text of a run.
  package init(_ report: LoadReport, objectives: [Objective] = []) {
    self.report = report
    summary = LoadSummary(report)
    self.objectives = objectives
  }

  /// The JSON text, one line with a line end behind it.
  ///
  /// - Throws: where zlib has no memory.
  package func bytes() throws(CassetteError) -> [UInt8] {
    let members = try front + others + measured + run + state()
    return JSONValue.object(members).bytes + [UInt8(ascii: "\n")]
  }

  /// What everybody looks for.
  private var front: [JSONValue.Member] {
    [
      .init("streams", .number(summary.streams)), .init("completed", .number(summary.completed)),
      .init("not_sent", .number(summary.notSent)),
      .init(
        "requested_per_s", Self.number(summary.requestedPerSecond.flatMap(LoadNumber.shortest))),
      .init("achieved_per_s", .number(LoadNumber.rounded(summary.achievedPerSecond))),
      .init("outcomes", Self.counts(summary.outcomes)),
    ] + [.dispatch, .ttfb, .ttft, .gap, .late, .stream].map(percentiles) + [
      .init("events_per_s", .number(LoadNumber.rounded(summary.eventsPerSecond))),
      .init("goodput_per_s", .number(LoadNumber.rounded(summary.goodputPerSecond))),
      .init("slo", .array(objectives.map(\.json))),
      .init("generator_late", .bool(summary.generatorLate)),
    ]
  }

  /// The other metrics, and what is beside the percentiles.
  private var others: [JSONValue.Member] {
    let metrics: [LoadMetric] = [
      .second, .tpot, .gapMean, .longestGap, .broken, .ttfbSent, .ttftSent, .secondSent,
      .streamSent,
    ]
    let all = LoadMetric.allCases
    let counts = all.map { metric in
      JSONValue.Member(metric.rawValue, .number(summary.latencies[metric]?.count ?? 0))
    }
    let means = all.map { metric in
      let mean = summary.latencies[metric].map { LoadNumber.rounded($0.mean / 1000) }
      return JSONValue.Member(metric.rawValue, Self.number(mean))
    }
    return metrics.map(percentiles) + [
      .init("counts", .object(counts)), .init("mean_us", .object(means)),
      .init("generator_late_because", summary.lateReason.map(JSONValue.string) ?? .null),
      .init("errors", .number(summary.errors)),
      .init("error_share", .number(LoadNumber.rounded(summary.errorShare))),
    ]
  }

  private func percentiles(_ metric: LoadMetric) -> JSONValue.Member {
    let columns = LatencySummary.columnNames.enumerated().map { index, name in
      let value = summary.latencies[metric].map {
        LoadNumber.rounded($0.columns[index].nanoseconds)
      }
      return JSONValue.Member(name, value.map { .number($0) } ?? .null)
    }
    return .init("\(metric.rawValue)_us", .object(columns))
  }

  /// The counts of the meter.
  private var measured: [JSONValue.Member] {
    let meter = report.meter
    let plain = LoadMeter.counts.filter { $0.name != "streams" }.map { count in
      JSONValue.Member(count.name, .number(meter[keyPath: count.path]))
    }
    return plain + [
      .init("earliest_us", .number(LoadNumber.exact(meter.earliest))),
      .init("first_due_us", Self.number(meter.firstDue.map(LoadNumber.exact))),
      .init("last_due_us", Self.number(meter.lastDue.map(LoadNumber.exact))),
      .init("not_sent_by", Self.counts(meter.notSent)),
      .init("verify", Self.counts(meter.verifications)),
      .init(
        "statuses",
        .object(
          meter.statuses.sorted { $0.key < $1.key }.map { .init("\($0.key)", .number($0.value)) })),
      .init(
        "details",
        .object(meter.details.sorted.map { .init($0.text, .number($0.count)) })),
    ]
  }

  /// What was run.
  private var run: [JSONValue.Member] {
    [
      .init("target", .string(report.target)), .init("arrivals", .string(report.arrivals)),
      .init("seed", .number(report.seed)), .init("open", .bool(report.isOpen)),
      .init("goodput", .string("\(report.meter.bounds)")),
      .init("at", .string(report.at)),
      .init("took_us", .number(LoadNumber.exact(report.took))),
      .init("processor_us", Self.number(report.processorTime.map(LoadNumber.exact))),
      .init(
        "shard", report.shard.map { JSONValue.string("\($0.number)/\($0.count)") } ?? .null),
      .init("missing_shards", .array(report.missingShards.map { .number($0) })),
      .init("version", .string(report.version)),
    ]
  }

  /// All that was seen, to be added up.
  private func state() throws(CassetteError) -> [JSONValue.Member] {
    var histograms: [JSONValue.Member] = []
    for metric in LoadMetric.allCases where report.meter[metric].count > 0 {
      let histogram = report.meter[metric]
      let members: [JSONValue.Member] = [
        .init("min_ns", .number(histogram.shortest)), .init("max_ns", .number(histogram.longest)),
        .init("hdr", .string(try histogram.encoded())),
      ]
      histograms.append(.init(metric.rawValue, .object(members)))
    }
    return [.init("series", report.meter.series.json), .init("histograms", .object(histograms))]
  }

  private static func counts<Key: CaseIterable & RawRepresentable<String> & Hashable>(
    _ counts: [Key: Int]
  ) -> JSONValue {
    .object(
      Key.allCases.compactMap { key in counts[key].map { .init(key.rawValue, .number($0)) } })
  }

  private static func number(_ text: String?) -> JSONValue { text.map(JSONValue.number) ?? .null }
}
