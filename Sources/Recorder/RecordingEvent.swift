public import Cassettes
public import HTTP

/// What happens while a request is recorded, in order; `ended` is the last.
///
/// Nothing here is redacted: that is done where it is written down.
public enum RecordingEvent: Hashable, Sendable {
  /// The request has been sent: its fields as they went out, and the time of day, in RFC 3339.
  ///
  /// It comes once, before the head, and not at all where no connection came about. Where libcurl
  /// sent a request again (see `RecordingOptions.reusesConnections`), it tells of the
  /// first time, while the other events count from the last.
  case sent(headers: [HeaderField], at: String)
  /// The response head; interim answers are markers. (RFC 9110, 15.2)
  case head(ResponseHead)
  /// Bytes of the body, as one call of libcurl brought them.
  case chunk([UInt8], at: Microseconds)
  /// The trailer section.
  case trailers(Trailers)
  /// Something that a reader of the recording should know.
  case marker(String, at: Microseconds)
  /// Time passed: at least every 250 ms something comes, so that a spool can be flushed.
  case tick(at: Microseconds)
  /// It is over; the failure is told where no head came, but for a recording that was cancelled.
  case ended(Ending, failure: RecordingFailure? = nil)
}
