/// What became of one request, for somebody who watches; without what authenticates.
public struct ServedRequest: Sendable {
  /// The method, or nil where what came is no request.
  public var method: String?

  /// The path and query, or nil where what came is no request.
  public var path: String?

  /// The session that the request names.
  public var session: String?

  /// Which try of the same request it is, or nil where it was refused before that was asked.
  public var attempt: Int?

  /// The status code, or nil where no whole head went out.
  public var status: Int?

  /// The faults that fired.
  public var faults: [String]

  /// Body bytes that went out.
  public var bytes: Int

  /// Events that went out whole.
  public var events: Int

  /// How the answer ended, as the journal says it.
  public var ended: String

  /// Why the deck itself answered, or nil where a recording or an upstream did.
  public var refusal: String?

  /// How many requests before this one were left out, since more came than could be told of.
  public var leftOut = 0
}
