/// What a deck has done since it started.
public struct DeckCounts: Hashable, Sendable {
  /// Requests answered, the deck's own pages too.
  public var requests = 0

  /// Requests that went to an upstream.
  public var forwarded = 0

  /// Requests that went to an upstream again, since their recordings of earlier runs hold no
  /// answer.
  public var askedAgain = 0

  /// Recordings that are lost.
  public var lost = 0

  /// Requests that nothing matched.
  public var misses = 0

  /// Requests that the deck refused for another reason.
  public var refused = 0

  /// Requests that were answered by an exchange with another request body.
  public var loose = 0

  /// Requests that a limit of the provider refused, which the deck plays.
  package var limited = 0

  /// Requests of those who are none of the deck's own users, which count as nothing else.
  public var foreign = 0

  /// Counts a refusal, of a request that was not counted before unless it is said that it was.
  mutating func count(_ refusal: DeckRefusal, isCounted: Bool) {
    if !isCounted, refusal.kind != .foreign { requests += 1 }
    switch refusal.kind {
    case .miss: misses += 1
    case .foreign: foreign += 1
    case .directive, .other: refused += 1
    }
  }
}
