package import Planning

/// All that a run has to hold, as `--slo` and `--goodput` say it.
package struct Objectives: Hashable, Sendable {
  /// The objectives, in the order in which they were given.
  package private(set) var objectives: [Objective] = []

  /// What one stream must hold to count as goodput.
  ///
  /// Where nobody says so, the objectives on its times do: the loosest of each metric, since a
  /// percentile lets some streams be slower than it, but none may be slower than all of them allow.
  package private(set) var bounds = StreamBounds()

  /// The most objectives of a run.
  package static let limit = 100

  /// Nothing to be held.
  package init() {}

  /// Parses objectives, one or several with commas between them in each text, and what makes
  /// goodput, where that is said.
  package init(parsing texts: [String], goodput: [String] = []) throws(DirectiveError) {
    for text in texts {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        objectives.append(try Objective(parsing: part))
      }
    }
    guard objectives.count <= Self.limit else {
      throw DirectiveError(
        "\(objectives.count) objectives are more than \(Self.limit): write fewer")
    }
    bounds = goodput.isEmpty ? derivedBounds : try StreamBounds(parsing: goodput)
  }

  /// Holds a run against each of them.
  package func results(of summary: LoadSummary) -> [ObjectiveResult] {
    objectives.map { $0.result(of: summary) }
  }

  private var derivedBounds: StreamBounds {
    var bounds = StreamBounds()
    for objective in objectives where objective.relation.isUpperBound {
      guard case .latency(let measured, _) = objective.subject,
        let nanoseconds = objective.limitNanoseconds
      else { continue }
      // The pooled gaps are of no stream; what is of one is their mean.
      let metric = measured == .gap ? .gapMean : measured
      guard StreamBounds.metrics.contains(metric) else { continue }
      bounds.loosen(
        by: .init(
          metric, objective.relation, nanoseconds: nanoseconds,
          limit: "\(objective.limit)\(objective.unit.rawValue)"))
    }
    return bounds
  }
}
