package import Cassettes

extension Judgement {
  /// Judges a client by what was expected, what it delivered and what the wire saw.
  ///
  /// What the client said to the deck counts before what it printed and its exit code, but not
  /// before a signal that ended it.
  ///
  /// - Parameters:
  ///   - expected: what a right client does, written down before.
  ///   - delivered: what the client printed, and how it ended.
  ///   - observation: what the wire saw of its session.
  ///   - limits: where conduct begins to be wrong.
  ///   - end: when it had ended, from its first request; nil for when it was observed.
  package init(
    expected: Expected, delivered: Delivered, observation: SessionObservation,
    limits: ConductLimits = ConductLimits(), end: Microseconds? = nil
  ) {
    var said = observation.outcome ?? delivered
    if case .signaled = delivered.end { said.end = delivered.end }
    let content = ContentJudge(
      expected: expected, delivered: said, attempts: observation.attempts,
      end: end ?? observation.at,
      wasTurnedAway: observation.refused > 0 || observation.misses > 0
    ).finding
    let conduct = ConductJudge(limits: limits).finding(on: observation.requests)
    self.init(
      content: content.verdict,
      contentEvidence: content.evidence + Self.unmatched(observation, content.verdict),
      conduct: conduct.verdict, conductEvidence: conduct.evidence)
  }

  /// What a reader should know of requests that no exchange answered.
  private static func unmatched(
    _ observation: SessionObservation, _ verdict: ContentVerdict
  ) -> String {
    guard ![.ok, .recovered].contains(verdict) else { return "" }
    var words = ""
    if observation.misses > 0 { words += "; \(observation.misses) matched no exchange" }
    if observation.refused > 0 { words += "; \(observation.refused) refused by the deck" }
    return words
  }
}
