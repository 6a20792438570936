/// What an API's headers say of its limits.
public struct RateLimit: Hashable, Sendable {
  /// How much of something a span of time allows, and how much is left of it.
  public struct Window: Hashable, Sendable {
    /// How much is allowed.
    public var limit: Int

    /// How much is left.
    public var remaining: Int

    /// Creates a window.
    public init(limit: Int, remaining: Int) {
      self.limit = limit
      self.remaining = remaining
    }
  }

  /// How many requests are allowed.
  public var requests: Window

  /// How many tokens are allowed.
  public var tokens: Window

  /// When both begin anew, counted from `nowSeconds`.
  public var resetsAfter: Duration

  /// The time of the answer in whole seconds since 1970, for an API that names a point in time.
  public var nowSeconds: Int64

  /// Creates limits from their parts.
  public init(requests: Window, tokens: Window, resetsAfter: Duration, nowSeconds: Int64) {
    self.requests = requests
    self.tokens = tokens
    self.resetsAfter = resetsAfter
    self.nowSeconds = nowSeconds
  }
}
