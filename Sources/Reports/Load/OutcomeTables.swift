internal import Loading

/// What became of the streams: a bar of shares, and a table for each question that has an answer.
struct OutcomeTables {
  /// The most rows of a table.
  private static let rowLimit = 40

  private let run: MeasuredRun
  private let other: MeasuredRun?

  init(_ run: MeasuredRun, against other: MeasuredRun?) {
    self.run = run
    self.other = other
  }

  /// The outcomes that occur, in their order.
  private var outcomes: [(outcome: StreamOutcome, count: Int)] {
    StreamOutcome.allCases.compactMap { outcome in
      let count = run.summary.outcomes[outcome] ?? 0
      return count > 0 ? (outcome, count) : nil
    }
  }

  /// The shares of the outcomes, as the parts of a bar.
  var bar: String {
    outcomes.map { outcome, count in
      "<i class=\"\(outcome.style)\" style=\"flex-grow:\(count)\" "
        + "title=\"\(LoadFigure.count(count)) \(outcome.words)\"></i>"
    }.joined()
  }

  /// The same in words.
  var words: String {
    outcomes.map { "\(LoadFigure.count($1)) \($0.words)" }.joined(separator: ", ")
  }

  /// The tables, those with nothing in them left out.
  var tables: [PageFields] {
    let meter = run.report.meter
    let before = other?.report.meter
    let statuses = Set(meter.statuses.keys).union(before?.statuses.keys.map { $0 } ?? [])
    return [
      table(
        "Outcomes", StreamOutcome.allCases.map(\.words),
        StreamOutcome.allCases.map { meter.outcomes[$0] ?? 0 },
        before.map { before in StreamOutcome.allCases.map { before.outcomes[$0] ?? 0 } }),
      table(
        "What was wrong", meter.details.sorted.map(\.text), meter.details.sorted.map(\.count),
        before.map { before in meter.details.sorted.map { before.details.counts[$0.text] ?? 0 } }),
      table(
        "Statuses", statuses.sorted().map { $0 == 0 ? "other" : "\($0)" },
        statuses.sorted().map { meter.statuses[$0] ?? 0 },
        before.map { before in statuses.sorted().map { before.statuses[$0] ?? 0 } }),
      table(
        "Not sent, since", NotSentReason.allCases.map(\.words),
        NotSentReason.allCases.map { meter.notSent[$0] ?? 0 },
        before.map { before in NotSentReason.allCases.map { before.notSent[$0] ?? 0 } }),
      table(
        "Compared with the recording", Verification.allCases.map(\.words),
        Verification.allCases.map { meter.verifications[$0] ?? 0 },
        before.map { before in Verification.allCases.map { before.verifications[$0] ?? 0 } }),
    ].compactMap(\.self)
  }

  private func table(
    _ title: String, _ names: [String], _ counts: [Int], _ before: [Int]?
  ) -> PageFields? {
    let total = counts.reduce(0) { $0 &+ $1 }
    let old = before.map { $0.reduce(0) { $0 &+ $1 } } ?? 0
    let rows = names.indices.filter { counts[$0] > 0 || (before?[$0] ?? 0) > 0 }
    guard !rows.isEmpty else { return nil }
    var fields = PageFields()
    fields.set("title", text: title)
    fields.set("hasBefore", flag: before != nil)
    fields.set(
      "lines",
      list: rows.prefix(Self.rowLimit).map { index in
        var line = PageFields()
        line.set("name", text: names[index], limit: 200)
        line.set("count", text: LoadFigure.count(counts[index]))
        line.set("share", text: LoadFigure.share(counts[index], of: total))
        line.set("hasBefore", flag: before != nil)
        if let before {
          line.set("before", text: LoadFigure.count(before[index]))
          line.set("beforeShare", text: LoadFigure.share(before[index], of: old))
        }
        return line
      })
    if rows.count > Self.rowLimit { fields.set("more", text: "\(rows.count - Self.rowLimit)") }
    return fields
  }
}
