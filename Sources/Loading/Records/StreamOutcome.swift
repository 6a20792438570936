/// What became of one stream; outcomes are counted apart and never averaged together.
package enum StreamOutcome: String, CaseIterable, Hashable, Sendable {
  /// The message came whole.
  case whole
  /// HTTP or the message ended too early, or its framing broke.
  case cut
  /// The stream said itself that it failed.
  case errorEvent = "error_event"
  /// The answer was a status of 400 or more.
  case status
  /// The answer was well, but no event stream.
  case notAStream = "not_a_stream"
  /// No connection came about, or it was reset before an answer began.
  case refused
  /// Nothing came for longer than is waited.
  case timeout
  /// This side left, as the schedule wanted it, or since the run ended.
  case cancelled

  /// Whether it counts as an error: what this side did itself does not.
  package var isError: Bool { self != .whole && self != .cancelled }
}

/// What became of an order that no request was sent for.
package enum NotSentReason: String, CaseIterable, Hashable, Sendable {
  /// The run was over before it was due, or before there was a place for it.
  case ended
  /// The process has no descriptor or port left.
  case descriptors
  /// More streams than `--max-in-flight` were under way.
  case tooMany = "too_many"
  /// The turn before it in its conversation failed.
  case conversation
}

/// How a stream that came whole compares with the recording.
package enum Verification: String, CaseIterable, Hashable, Sendable {
  /// The text and the ending are equal.
  case equal
  /// Some of the text is missing.
  case lost
  /// Some of the text came more than once.
  case doubled
  /// The text is another.
  case changed
}
