internal import LosslessJSON
internal import Matching
internal import Planning
internal import Quotas

/// What the journal says of the limits that a request met.
final class LimitNote: Sendable {
  /// What refused a request, and how it was told so.
  struct Refusal: Sendable {
    /// The limit as it was written, or the outage.
    var name: String
    /// The status of the answer.
    var status: Int
    /// In how many nanoseconds it may come again, or nil where nothing was said of it.
    var wait: Int64?
    /// The exchange that would have answered it.
    var exchange: ExchangeName
  }

  /// What refused it, or nil where it was answered.
  let refusal: Refusal?

  /// How its client stood.
  private let standing: LimitStanding

  init(_ refusal: Refusal?, _ standing: LimitStanding) {
    self.refusal = refusal
    self.standing = standing
  }

  /// About how much memory it takes.
  var sizeBytes: Int { 320 }

  /// The note as a reader sees it, with how many nanoseconds the request waited for its turn, or
  /// nil where that is not known yet.
  func json(queued: Int64?) -> JSONValue {
    let left = Quota.Kind.allCases.compactMap { kind in
      standing[kind].map { JSONValue.Member(kind.rawValue, .number($0.remaining)) }
    }
    return .object([
      .init("name", refusal.map { .string($0.name) } ?? .null), .init("left", .object(left)),
      .init("waited_ms", queued.map { .number($0 / 1_000_000) } ?? .null),
    ])
  }

  /// The directives that answer a request with the same error, whatever is left then; nil where it
  /// was not refused.
  func reproduction(attempt: Int) -> Directives? {
    guard let refusal else { return nil }
    var directives = Directives()
    directives.cassette = refusal.exchange.cassette
    directives.exchange = refusal.exchange.number
    directives.attempt = attempt
    var fault = "fault=status:\(refusal.status)"
    if let wait = refusal.wait {
      let milliseconds = wait / 1_000_000 + (wait % 1_000_000 > 0 ? 1 : 0)
      fault += ",retry-after=\(milliseconds)ms"
    }
    try? directives.set(fault)
    return directives
  }
}
