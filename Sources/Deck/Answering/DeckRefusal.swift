internal import Cassettes

/// Why the deck itself answers a request, in place of a recording.
struct DeckRefusal: Error, Sendable {
  /// The status code of the answer.
  var status: Int

  /// What was wrong and what to do, in one sentence.
  var message: String

  /// Whether the connection cannot go on, since the rest of the request was not read.
  var closes: Bool

  /// Whether it says that nothing matched.
  var isMiss: Bool

  /// What was nearest to a request that nothing matched.
  var missDetail: MissDetail?

  /// Fields of the answer that say more to a program.
  var headers: [HeaderField]

  /// Whether the next attempt may get another answer.
  var mayRetry: Bool

  init(
    status: Int, isMiss: Bool = false, _ message: String, closes: Bool = false,
    headers: [HeaderField] = [], mayRetry: Bool = false
  ) {
    self.headers = headers
    self.mayRetry = mayRetry
    self.status = status
    self.isMiss = isMiss
    self.message = message
    self.closes = closes
  }

  /// Refuses a request that nothing matched.
  init(_ miss: Miss, status: Int) {
    self.init(status: status, isMiss: true, miss.message)
    missDetail = miss.detail
  }
}
