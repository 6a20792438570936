/// How far a run is, now and then while it goes on.
package struct LoadProgress: Sendable {
  /// Nanoseconds since the start of the run.
  package var elapsed: Int64
  /// How many streams were begun, are under way, and have ended, warm-up included.
  package var begun: Int
  package var inFlight: Int
  package var ended: Int
  /// How many of those that ended count as errors.
  package var errors: Int
  /// The TTFT of the streams that began to answer since the last time, in nanoseconds, at the
  /// median and at the 99th percentile; nil where there were none.
  package var ttftP50: Int64?
  package var ttftP99: Int64?
  /// Events that came since the last time.
  package var events: Int

  /// Creates a state of nothing done.
  package init() {
    elapsed = 0
    begun = 0
    inFlight = 0
    ended = 0
    errors = 0
    ttftP50 = nil
    ttftP99 = nil
    events = 0
  }
}
