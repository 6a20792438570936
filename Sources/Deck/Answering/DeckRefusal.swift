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

  /// The error's type in the body, as Anthropic's API names it for the status.
  var type: String {
    switch status {
    case 404: "not_found_error"
    case 413, 431: "request_too_large"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }
}
