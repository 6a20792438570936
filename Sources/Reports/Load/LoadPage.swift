internal import Cassettes
package import Loading

/// The page of a run of load: when what came, how long it took, and what became of the streams.
///
/// It is one file without any script. Beside another run it says what is different.
package struct LoadPage: Sendable {
  /// What the run had to hold, and what it came to.
  package struct Objective: Hashable, Sendable {
    /// The objective as it was written.
    package var text: String
    /// What the run came to, with its unit.
    package var value: String
    /// Whether it was held.
    package var isHeld: Bool

    /// Creates a line of the page.
    package init(text: String, value: String, isHeld: Bool) {
      self.text = text
      self.value = value
      self.isHeld = isHeld
    }
  }

  private let run: MeasuredRun
  private let other: MeasuredRun?
  private let objectives: [Objective]

  /// Creates the page of a run.
  ///
  /// - Parameters:
  ///   - report: The run.
  ///   - objectives: What it had to hold.
  ///   - other: The run that it is compared with, or nil.
  package init(
    _ report: LoadReport, objectives: [Objective] = [], against other: LoadReport? = nil
  ) {
    run = MeasuredRun(report)
    self.other = other.map { MeasuredRun($0) }
    self.objectives = objectives
  }

  /// The page's bytes.
  package var bytes: [UInt8] { Array(text.utf8) }

  /// The page.
  package var text: String {
    let outcomes = OutcomeTables(run, against: other)
    let percentiles = PercentileTable(run, against: other)
    var fields = PageFields()
    fields.set("target", text: run.report.target)
    fields.set("arrivals", text: run.report.arrivals)
    fields.set("at", text: run.report.at, limit: 40)
    fields.set("warnings", list: warnings)
    fields.set("isAlone", flag: other == nil)
    fields.set("facts", list: run.facts.map { Self.pair($0.name, $0.value) })
    fields.set("rates", list: rates)
    fields.set("hasObjectives", flag: !objectives.isEmpty)
    fields.set("objectives", list: objectives.map(Self.fields))
    fields.set("times", list: pictures { LatencyOverTime($0.report).svg })
    fields.set("heats", list: pictures { GapHeatMap($0.report).svg })
    fields.set("columns", list: percentiles.columns)
    fields.set("percentiles", list: percentiles.rows)
    if let curve = PercentileCurve(run, against: other).svg { fields.set("curve", markup: curve) }
    if let other {
      fields.set("other", text: other.report.target)
      fields.set("otherArrivals", text: other.report.arrivals)
      fields.set("otherAt", text: other.report.at, limit: 40)
    }
    fields.set("bar", markup: outcomes.bar)
    fields.set("shares", text: outcomes.words)
    fields.set("tables", list: outcomes.tables)
    fields.set("footer", text: "tapedeck \(run.report.version)", limit: 80)
    return PageTemplate.page(
      title: "Load on \(run.report.target): \(run.report.arrivals)",
      content: PageTemplate.part("load", fields))
  }

  /// What a reader has to know before any number.
  private var warnings: [PageFields] {
    var warnings: [(strong: String, rest: String)] = []
    for (run, whose) in [(run, "the generator"), (other, "the generator of the other run")] {
      guard let run, let reason = run.summary.lateReason else { continue }
      warnings.append(
        (
          "\(whose.prefix(1).uppercased())\(whose.dropFirst()) was late: these numbers are not the "
            + "server's.", "\(reason.prefix(1).uppercased())\(reason.dropFirst())."
        ))
    }
    if !run.report.isOpen {
      warnings.append(
        (
          "These streams waited for each other.",
          "\(run.report.arrivals) begins a stream when another has ended, so a server that stands "
            + "still delays the questions too, and its pause does not show in the percentiles "
            + "(coordinated omission). An open loop like constant:50/s shows it."
        ))
    }
    return warnings.map { Self.pair($0.strong, $0.rest) }
  }

  /// The rates of two runs, with what is different.
  private var rates: [PageFields] {
    guard let other else { return [] }
    return zip(run.rates, other.rates).map { rate, before in
      var fields = Self.pair(rate.name, rate.text)
      fields.set("before", text: before.text)
      if let value = rate.value, let old = before.value {
        fields.set("change", text: LoadFigure.change(value, from: old))
        fields.set(
          "tone", markup: LoadFigure.tone(value, from: old, lessIsBetter: rate.lessIsBetter))
      }
      return fields
    }
  }

  /// A picture of each run that has one, named where there are two.
  private func pictures(_ draw: (MeasuredRun) -> String?) -> [PageFields] {
    [(run, "This run"), (other, "The run it is compared with")].compactMap { run, name in
      guard let run, let picture = draw(run) else { return nil }
      var fields = PageFields()
      if other != nil { fields.set("name", text: name) }
      fields.set("picture", markup: picture)
      return fields
    }
  }

  private static func fields(_ objective: Objective) -> PageFields {
    var fields = pair(objective.text, objective.value)
    fields.set("sign", text: objective.isHeld ? "✓" : "✗")
    fields.set("tone", markup: objective.isHeld ? "r" : "w")
    fields.set("held", text: objective.isHeld ? "held" : "not held")
    return fields
  }

  private static func pair(_ name: String, _ value: String) -> PageFields {
    var fields = PageFields()
    fields.set("name", text: name)
    fields.set("value", text: value, limit: 600)
    return fields
  }
}
