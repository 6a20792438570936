/// Results for a spreadsheet: a row for each metric, and one for each count and rate. (RFC 4180)
///
/// Each row says which run it is of, so that the files of several runs can be put one behind the
/// other and filtered. Where a column means nothing for a row, it is empty: a rate has only a mean,
/// a count only a count.
package enum LoadCSV {
  /// The names of the columns.
  package static let columns =
    ["metric", "unit", "count", "mean"] + LatencySummary.columnNames
    + ["target", "arrivals", "seed", "shard", "at"]

  /// The text of a run, with CR LF behind each line.
  package static func bytes(of report: LoadReport) -> [UInt8] {
    let summary = LoadSummary(report)
    let shard = report.shard.map { "\($0.number)/\($0.count)" } ?? ""
    let run = [report.target, report.arrivals, "\(report.seed)", shard, report.at]
    let rows = latencies(summary) + rates(summary) + counts(summary)
    let lines = ([columns] + rows.map { $0 + run }).map { row in
      row.map(field).joined(separator: ",") + "\r\n"
    }
    return Array(lines.joined().utf8)
  }

  private static func latencies(_ summary: LoadSummary) -> [[String]] {
    LoadMetric.allCases.map { metric in
      guard let latency = summary.latencies[metric] else { return row(metric.rawValue, "us", "0") }
      let mean = LoadNumber.rounded(latency.mean / 1000)
      return row(
        metric.rawValue, "us", "\(latency.count)", mean,
        latency.columns.map { "\(LoadNumber.rounded($0.nanoseconds))" })
    }
  }

  private static func rates(_ summary: LoadSummary) -> [[String]] {
    let rates = [
      ("requested", summary.requestedPerSecond), ("achieved", summary.achievedPerSecond),
      ("events", summary.eventsPerSecond), ("goodput", summary.goodputPerSecond),
    ]
    return rates.map { row($0.0, "1/s", "", $0.1.map(LoadNumber.rounded) ?? "") }
  }

  private static func counts(_ summary: LoadSummary) -> [[String]] {
    [
      row("streams", "", "\(summary.streams)"), row("not_sent", "", "\(summary.notSent)"),
      row("errors", "", "\(summary.errors)"),
    ]
      + StreamOutcome.allCases.map { outcome in
        row("outcome_\(outcome.rawValue)", "", "\(summary.outcomes[outcome] ?? 0)")
      }
  }

  private static func row(
    _ metric: String, _ unit: String, _ count: String, _ mean: String = "",
    _ percentiles: [String] = []
  ) -> [String] {
    let empty = LatencySummary.columnNames.map { _ in "" }
    return [metric, unit, count, mean] + (percentiles.isEmpty ? empty : percentiles)
  }

  /// A field, in quotation marks where it needs them.
  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
