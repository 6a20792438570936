/// Why the deck itself answers a request, in place of a recording.
struct DeckRefusal: Error, Hashable, Sendable {
  /// The status code of the answer.
  var status: Int

  /// What was wrong and what to do, in one sentence.
  var message: String

  /// Whether the connection cannot go on, since the rest of the request was not read.
  var closes: Bool

  init(status: Int, _ message: String, closes: Bool = false) {
    self.status = status
    self.message = message
    self.closes = closes
  }
}
