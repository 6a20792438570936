internal import Judging
internal import LosslessJSON
internal import Matching
internal import Redaction
internal import Units

/// What stands at the end of a session's page: what was lost, how its client behaved, and what that
/// said of the answer.
struct SessionEnd: Sendable {
  private let session: Session
  private let moment = Instant.now()
  private let judge: ConductJudge
  private let rules: RedactionRules

  init(_ session: Session, _ judge: ConductJudge, _ rules: RedactionRules) {
    self.session = session
    self.judge = judge
    self.rules = rules
  }

  /// The members.
  var json: JSONValue {
    let outcome = session.outcome?.json { Redactor.redact(text: $0, by: rules) }
    return .object([
      .init("lost", .number(session.lostCount)),
      .init("conduct", .array(session.observedRequests(at: moment).compactMap(finding))),
      .init("outcome", outcome ?? .null),
    ])
  }

  /// What is to be said of the conduct with a request, or nil where that is nothing.
  private func finding(on request: ObservedRequest) -> JSONValue? {
    let finding = judge.finding(on: request)
    guard finding.verdict != .ok else { return nil }
    return .object([
      .init("request", .string(Redactor.redact(text: request.name, by: rules))),
      .init("verdict", .string(finding.verdict.rawValue)),
      .init("evidence", .string(finding.evidence)),
    ])
  }
}
