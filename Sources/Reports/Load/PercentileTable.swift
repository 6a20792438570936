internal import Loading

/// The percentiles of each metric that any stream got as far as, and beside another run what is
/// different.
struct PercentileTable {
  private let run: MeasuredRun
  private let other: MeasuredRun?

  init(_ run: MeasuredRun, against other: MeasuredRun?) {
    self.run = run
    self.other = other
  }

  /// The heads of the columns.
  var columns: [PageFields] {
    ["p50", "p90", "p95", "p99", "p99.9", "max", "mean", "seen"].map { name in
      var fields = PageFields()
      fields.set("column", text: name)
      return fields
    }
  }

  /// A row for each metric, and below it one of the other run.
  var rows: [PageFields] {
    LoadMetric.inOrder.flatMap { metric, words -> [PageFields] in
      let now = run.summary.latencies[metric]
      let before = other?.summary.latencies[metric]
      var rows: [PageFields] = []
      if let now { rows.append(Self.row(words, now, from: before)) }
      if let before {
        var row = Self.row(now == nil ? "\(words), before" : "before", before, from: nil)
        row.set("isBefore", flag: true)
        rows.append(row)
      }
      return rows
    }
  }

  private static func row(
    _ name: String, _ latency: LatencySummary, from before: LatencySummary?
  ) -> PageFields {
    let olds = before?.columns.map { Double($0.nanoseconds) } ?? []
    var cells = latency.columns.enumerated().map { index, column in
      cell(
        column.nanoseconds.asTime, Double(column.nanoseconds),
        from: olds.isEmpty ? nil : olds[index])
    }
    cells.append(
      cell(Int64(min(latency.mean, 1e15)).asTime, latency.mean, from: before?.mean))
    cells.append("<td class=\"num quiet\">\(LoadFigure.count(latency.count))</td>")
    var fields = PageFields()
    fields.set("name", text: name)
    fields.set("cells", markup: cells.joined())
    fields.set("isBefore", flag: false)
    return fields
  }

  private static func cell(_ text: String, _ value: Double, from before: Double?) -> String {
    guard let before else { return "<td class=\"num\">\(text)</td>" }
    let tone = LoadFigure.tone(value, from: before, lessIsBetter: true)
    return "<td class=\"num\">\(text)<span class=\"change \(tone)\">"
      + "\(LoadFigure.change(value, from: before))</span></td>"
  }
}
