package import Cassettes

/// One request of a session, as the wire saw it.
package struct Attempt: Hashable, Sendable {
  /// Which try of the same request it is, from 1.
  package var number: Int

  /// When it had come whole, from the session's first request.
  package var asked: Microseconds

  /// When its answer was over or broken, from the same moment; nil while it goes on.
  package var over: Microseconds?

  /// How long the client stayed connected to an answer that was over or broken; nil where it may
  /// stay, since the connection can serve another request or more of the answer may come, and where
  /// the deck closed the connection itself.
  package var stayed: Microseconds?

  /// The status code, or nil where no head went out.
  package var status: Int?

  /// How long the answer told the client to wait. (RFC 9110, 10.2.3, and `retry-after-ms`)
  package var retryAfter: Microseconds?

  /// What the answer's `x-should-retry` says, or nil where it has none.
  package var shouldRetry: Bool?

  /// How many events of the answer went out whole.
  package var events: Int

  /// The body bytes that went out.
  package var bytes: Int

  /// How the answer ended, in the journal's word: `complete`, `disconnect`, `reset`, `hang`,
  /// `client` and so on; nil while it goes on.
  package var ended: String?

  /// Whether a fault acted that can spoil the answer: one of the content, a cut, or an answer in
  /// its place.
  package var isSpoiled: Bool

  /// How many body bytes had gone out when, where the deck takes that down.
  package var sent: [CaseTimeline.Mark] = []

  /// Creates an attempt.
  package init(
    number: Int, asked: Microseconds = .zero, over: Microseconds? = nil,
    stayed: Microseconds? = nil, status: Int? = 200, retryAfter: Microseconds? = nil,
    shouldRetry: Bool? = nil, events: Int = 0, bytes: Int = 0, ended: String? = "complete",
    isSpoiled: Bool = false
  ) {
    self.number = number
    self.asked = asked
    self.over = over
    self.stayed = stayed
    self.status = status
    self.retryAfter = retryAfter
    self.shouldRetry = shouldRetry
    self.events = events
    self.bytes = bytes
    self.ended = ended
    self.isSpoiled = isSpoiled
  }
}
