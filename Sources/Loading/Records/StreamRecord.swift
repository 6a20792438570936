/// What was measured of one stream; times are in nanoseconds from the start of the run.
///
/// Every latency is a difference to `scheduled`, so that a generator or a server which is late
/// cannot hide it; what is named `since sent` is the difference to the actual send.
package struct StreamRecord: Hashable, Sendable {
  /// What was asked for.
  package var order: StreamOrder
  /// When the stream was to begin: when it was due, or, in a closed loop, when its place was free.
  package var scheduled: Int64
  /// When the generator began with it; the difference to `scheduled` is the dispatch delay.
  package var dispatched: Int64
  /// When the request was handed to the kernel whole; nil where it never was.
  ///
  /// It is just before the call that took the last byte: no latency since then is too small.
  package var sent: Int64?
  /// When the first byte of the answer came.
  package var firstByte: Int64?
  /// When the first event with content came: pings and starts are no tokens.
  package var firstContent: Int64?
  /// When the second event with content came.
  package var secondContent: Int64?
  /// When the last event with content came.
  package var lastContent: Int64?
  /// When it had ended, however.
  package var end: Int64
  /// How many events came, of every kind.
  package var events: Int
  /// How many events with content came.
  package var contentEvents: Int
  /// How many body bytes came, without the framing.
  package var bytes: Int
  /// The longest time between two events, 0 where there were fewer than two.
  package var longestGap: Int64
  /// The tokens of the answer as its usage says them; nil where it says none.
  package var outputTokens: Int?
  /// What became of it.
  package var outcome: StreamOutcome
  /// The status of the answer, or nil where none came.
  package var status: Int?
  /// What was wrong, in a few words for a person: `the connection was reset`.
  package var detail: String?
  /// How it compares with the recording; nil where that was not asked, or no whole stream came.
  package var verification: Verification?
  /// How late the event that was latest came, by the recording; nil where it is not known.
  package var latest: Int64?

  /// Creates the record of a stream of which nothing is known but how it began.
  package init(order: StreamOrder, scheduled: Int64, dispatched: Int64) {
    self.order = order
    self.scheduled = scheduled
    self.dispatched = dispatched
    sent = nil
    firstByte = nil
    firstContent = nil
    secondContent = nil
    lastContent = nil
    end = dispatched
    events = 0
    contentEvents = 0
    bytes = 0
    longestGap = 0
    outputTokens = nil
    outcome = .cut
    status = nil
    detail = nil
    verification = nil
    latest = nil
  }
}
