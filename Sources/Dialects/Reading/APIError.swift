/// What an API says went wrong, before it is put in the API's own words.
public struct APIError: Hashable, Sendable {
  /// The HTTP status, 400 to 599 as a rule.
  public var status: Int

  /// The type or status word of the error; nil for the one that goes with the status.
  public var type: String?

  /// What the user reads.
  public var message: String

  /// When a client may try again, counted from now; nil where nothing is said of it.
  public var retryAfter: Duration?

  /// The limits that the headers tell of; nil for none.
  public var rateLimit: RateLimit?

  /// Creates an error from its parts.
  public init(
    status: Int, type: String? = nil, message: String, retryAfter: Duration? = nil,
    rateLimit: RateLimit? = nil
  ) {
    self.status = status
    self.type = type
    self.message = message
    self.retryAfter = retryAfter
    self.rateLimit = rateLimit
  }
}
