/// What a provider allows of something in a span of time: `requests=50/m`.
package struct Quota: Hashable, Sendable {
  /// What is counted.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case requests
    case inputTokens = "input-tokens"
    case outputTokens = "output-tokens"
  }

  /// The most that a bucket may hold, and that one request may be charged.
  package static let largestAmount: Int64 = 1_000_000_000_000

  /// What is counted.
  package var kind: Kind
  /// How much the bucket holds.
  package var amount: Int64
  /// In how many nanoseconds an empty bucket is full again.
  package var period: Int64

  /// Creates a quota.
  ///
  /// - Parameters:
  ///   - kind: What is counted.
  ///   - amount: How much the bucket holds, from 1 to `largestAmount`.
  ///   - period: In how many nanoseconds an empty bucket is full again, 1 or more.
  package init(kind: Kind, amount: Int64, period: Int64) {
    self.kind = kind
    self.amount = min(max(1, amount), Self.largestAmount)
    self.period = max(1, period)
  }
}
