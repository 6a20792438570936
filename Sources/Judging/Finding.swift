/// A verdict, and one sentence that says what it rests on.
package struct Finding<Verdict: Hashable & Sendable>: Hashable, Sendable {
  /// The verdict.
  package var verdict: Verdict

  /// The sentence, without a capital and a full stop; empty where nothing is to be said.
  package var evidence: String

  /// Creates a finding.
  package init(_ verdict: Verdict, _ evidence: String) {
    self.verdict = verdict
    self.evidence = evidence
  }
}
