internal import Cassettes
internal import HTTP
internal import Matching

/// Why the deck itself answers a request, in place of a recording.
struct DeckRefusal: Error, Sendable {
  /// The status code of the answer.
  var status: Int

  /// What was wrong and what to do, in one sentence.
  var message: String

  /// Whether the connection cannot go on, since the rest of the request was not read.
  var closes: Bool

  /// What kind of thing was wrong.
  var kind: Kind

  /// What kinds of things are wrong with requests.
  enum Kind: Sendable {
    /// Nothing matched.
    case miss
    /// A directive does not parse, contradicts another, or names what is not there.
    case directive
    /// The client is none of the deck's own users: it is told so, and leaves no trace but in the
    /// journal.
    case foreign
    /// Anything else.
    case other
  }

  /// What was nearest to a request that nothing matched.
  var missDetail: MissDetail?

  /// Fields of the answer that say more to a program.
  var headers: [HeaderField]

  /// Whether the next attempt may get another answer.
  var mayRetry: Bool

  init(
    status: Int, kind: Kind = .other, _ message: String, closes: Bool = false,
    headers: [HeaderField] = [], mayRetry: Bool = false
  ) {
    self.headers = headers
    self.mayRetry = mayRetry
    self.status = status
    self.kind = kind
    self.message = message
    self.closes = closes
  }

  /// Refuses a request that cannot be matched.
  init(_ error: MatchingError) {
    self.init(status: error.reason == .full ? 503 : 400, error.message)
  }

  /// Refuses a request that nothing matched.
  init(_ miss: Miss, status: Int) {
    self.init(status: status, kind: .miss, miss.message)
    missDetail = miss.detail
  }
}
