internal import Cassettes
internal import Loading

/// A run of load with what is computed of it.
struct MeasuredRun: Sendable {
  /// A rate or a count that two runs are compared by.
  struct Rate {
    var name: String
    var text: String
    /// The number behind it, or nil where there is none.
    var value: Double?
    var lessIsBetter = false
  }

  let report: LoadReport
  let summary: LoadSummary

  init(_ report: LoadReport) {
    self.report = report
    summary = LoadSummary(report)
  }

  /// What stands at the head of a page of this run alone.
  var facts: [(name: String, value: String)] {
    var facts = rates.map { ($0.name, $0.text) }
    facts.append(("took", report.took.asTime))
    if let delay = summary.latencies[.dispatch] {
      facts.append(("generator's delay, p99", delay.p99.asTime))
    }
    if let time = report.processorTime {
      facts.append(("generator's processor time", time.asTime))
    }
    facts.append(("seed", "\(report.seed)"))
    if let shard = report.shard, shard.count > 1 {
      facts.append(("share of the schedule", "\(shard.number) of \(shard.count)"))
    }
    return facts
  }

  /// What two runs are compared by.
  var rates: [Rate] {
    let asked = summary.requestedPerSecond
    return [
      Rate(
        name: "asked for", text: asked.map(LoadFigure.rate) ?? "as fast as it goes", value: nil),
      Rate(
        name: "achieved", text: LoadFigure.rate(summary.achievedPerSecond),
        value: summary.achievedPerSecond),
      Rate(
        name: "goodput", text: LoadFigure.rate(summary.goodputPerSecond),
        value: summary.goodputPerSecond),
      Rate(
        name: "events", text: LoadFigure.rate(summary.eventsPerSecond),
        value: summary.eventsPerSecond),
      Rate(name: "streams", text: LoadFigure.count(summary.streams), value: nil),
      Rate(
        name: "errors",
        text: summary.errors == 0 ? "none" : "\(LoadFigure.number(summary.errorShare * 100)) %",
        value: summary.errorShare, lessIsBetter: true),
      Rate(
        name: "not sent", text: summary.notSent == 0 ? "none" : LoadFigure.count(summary.notSent),
        value: nil),
    ]
  }
}
