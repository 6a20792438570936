/// What a provider allows of something in a span of time: `requests=50/m`.
package struct Quota: Hashable, Sendable {
  /// What is counted.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case requests
    case inputTokens = "input-tokens"
    case outputTokens = "output-tokens"
  }

  /// What is counted.
  package var kind: Kind
  /// How much the bucket holds.
  package var amount: Int64
  /// In how many nanoseconds an empty bucket is full again.
  package var period: Int64

  /// Creates a quota.
  package init(kind: Kind, amount: Int64, period: Int64) {
    self.kind = kind
    self.amount = amount
    self.period = period
  }
}
