internal import Planning

/// Whether a run held an objective.
package struct ObjectiveResult: Hashable, Sendable, CustomStringConvertible {
  /// What was to be held.
  package let objective: Objective
  /// What it came to, in the unit of the objective; nil where nothing was measured.
  package let value: Double?
  /// Whether it was held; where nothing was measured, it was not.
  package let held: Bool

  /// The value with its unit, to three digits behind the point: `412.345ms`.
  package var valueText: String {
    guard let value else { return "nothing was measured" }
    return Self.decimal(value) + objective.unit.rawValue
  }

  /// One line for a person: `held  ttft.p99<500ms  412.345ms`.
  package var description: String {
    "\(held ? "held" : "not held")  \(objective)  \(valueText)"
  }

  private static func decimal(_ value: Double) -> String {
    let thousandths = (value * 1000).rounded()
    guard thousandths >= 0, thousandths < 1e15 else { return "\(value)" }
    let whole = Int64(thousandths)
    let fraction = "\(whole % 1000 + 1000)".dropFirst()
    var text = "\(whole / 1000).\(fraction)"
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}

extension Objective {
  /// Holds a run against the objective.
  package func result(of summary: LoadSummary) -> ObjectiveResult {
    let value = value(of: summary)
    // Nothing broke, so that nothing took long to.
    if value == nil, case .latency(.broken, _) = subject {
      return ObjectiveResult(objective: self, value: nil, held: relation.isUpperBound)
    }
    let held = value.map { relation.holds($0, limit.double) } ?? false
    return ObjectiveResult(objective: self, value: value, held: held)
  }

  /// What a run came to, in the unit of the limit.
  ///
  /// A share is made of two counts by one division, so that 7 of 100 are exactly 7%.
  private func value(of summary: LoadSummary) -> Double? {
    switch subject {
    case .latency(let metric, let statistic):
      return summary.latencies[metric].map { statistic.value(of: $0) / unit.nanoseconds }
    case .goodput:
      if unit == .perSecond { return summary.goodputPerSecond }
      return percent(summary.good, of: summary.kept)
    case .achieved:
      if unit == .perSecond { return summary.achievedPerSecond }
      guard let requested = summary.requestedPerSecond, requested > 0 else { return nil }
      return summary.achievedPerSecond * 100 / requested
    case .events: return summary.eventsPerSecond
    case .streams: return Double(summary.streams)
    case .errors: return amount(summary.errors, of: summary.kept)
    case .notSent: return amount(summary.notSent, of: summary.streams + summary.notSent)
    case .outcome(.cancelled): return amount(summary.count(.cancelled), of: summary.streams)
    case .outcome(let outcome): return amount(summary.count(outcome), of: summary.kept)
    }
  }

  private func amount(_ count: Int, of all: Int) -> Double? {
    unit == .percent ? percent(count, of: all) : Double(count)
  }

  private func percent(_ count: Int, of all: Int) -> Double? {
    all > 0 ? Double(count) * 100 / Double(all) : nil
  }
}

extension LoadSummary {
  fileprivate func count(_ outcome: StreamOutcome) -> Int { outcomes[outcome] ?? 0 }

  /// The streams that this side did not leave itself.
  fileprivate var kept: Int { streams - count(.cancelled) }
}
