/// What a session's requests may do, beside being answered from cassettes.
package enum ForwardingPolicy: Sendable {
  /// Nothing: they are answered from cassettes only.
  case never
  /// Those are forwarded whose recordings hold no answer.
  case whereNothingAnswers
  /// Those too that nothing matches.
  case whereNothingMatches
  /// All are forwarded.
  case always

  /// Whether a request that was never recorded is forwarded.
  package var asksFirst: Bool { self == .whereNothingMatches || self == .always }

  /// Whether a request is forwarded again that was recorded, and never answered.
  package var asksAgain: Bool { self == .whereNothingAnswers || self == .whereNothingMatches }
}
