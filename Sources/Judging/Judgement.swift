/// The two verdicts on one case, each with its evidence.
package struct Judgement: Hashable, Sendable {
  /// What became of the content.
  package var content: ContentVerdict
  /// One sentence: what the verdict on the content rests on.
  package var contentEvidence: String
  /// How the client behaved.
  package var conduct: ConductVerdict
  /// One sentence: what the verdict on the conduct rests on; empty where nothing is to be said.
  package var conductEvidence: String

  /// Creates a judgement.
  package init(
    content: ContentVerdict, contentEvidence: String, conduct: ConductVerdict = .ok,
    conductEvidence: String = ""
  ) {
    self.content = content
    self.contentEvidence = contentEvidence
    self.conduct = conduct
    self.conductEvidence = conductEvidence
  }

  /// Whether the client did wrong.
  package var isWrong: Bool { content.isWrong || conduct.isWrong }
}
