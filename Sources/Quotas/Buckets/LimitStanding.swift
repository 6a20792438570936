package import Units

/// How a client stands with the quotas that it is held to: what the headers of its answer say.
package struct LimitStanding: Hashable, Sendable {
  /// One quota's bucket.
  package struct Window: Hashable, Sendable {
    /// How much it holds.
    package var limit: Int64
    /// How much is left, never less than none.
    package var remaining: Int64
    /// When it is full again.
    package var fullAt: Instant
    /// In how many nanoseconds an empty one is full again.
    package var period: Int64

    /// Creates a window of its parts.
    package init(limit: Int64, remaining: Int64, fullAt: Instant, period: Int64) {
      self.limit = limit
      self.remaining = remaining
      self.fullAt = fullAt
      self.period = period
    }

    /// Reads a bucket that was just refilled.
    init(_ bucket: TokenBucket, at now: Instant) {
      self.init(
        limit: bucket.quota.amount, remaining: max(0, bucket.level),
        fullAt: now.after(nanoseconds: bucket.fullIn(from: now)), period: bucket.quota.period)
    }
  }

  /// Requests, where they are limited.
  package var requests: Window?
  /// Tokens of prompts, where they are limited.
  package var inputTokens: Window?
  /// Tokens of answers, where they are limited.
  package var outputTokens: Window?

  /// Creates a standing without limits.
  package init() {}

  /// Where a kind stands.
  package subscript(kind: Quota.Kind) -> Window? {
    get {
      switch kind {
      case .requests: requests
      case .inputTokens: inputTokens
      case .outputTokens: outputTokens
      }
    }
    set {
      switch kind {
      case .requests: requests = newValue
      case .inputTokens: inputTokens = newValue
      case .outputTokens: outputTokens = newValue
      }
    }
  }

  /// Tokens of both kinds together, where any are limited.
  package var tokens: Window? {
    guard let inputTokens, let outputTokens else { return inputTokens ?? outputTokens }
    return Window(
      limit: inputTokens.limit + outputTokens.limit,
      remaining: inputTokens.remaining + outputTokens.remaining,
      fullAt: max(inputTokens.fullAt, outputTokens.fullAt),
      period: max(inputTokens.period, outputTokens.period))
  }

  /// Takes in one more bucket; of several of a kind the one with the least left counts.
  mutating func add(_ bucket: TokenBucket, at now: Instant) {
    let window = Window(bucket, at: now)
    let kind = bucket.quota.kind
    if let known = self[kind], known.remaining <= window.remaining { return }
    self[kind] = window
  }
}
