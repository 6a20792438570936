package import Cassettes
package import Planning

/// How a generator asks.
package struct LoadOptions: Sendable {
  /// How many event loops share the streams.
  package var threads = 1
  /// How long a connection may take to come about.
  package var connectTimeout = Microseconds(saturating: 10_000_000)
  /// How long nothing may come of a stream before it is given up.
  package var readTimeout = Microseconds(saturating: 60_000_000)
  /// How long the run may take, from its start; streams under way then are given `drain` to end.
  package var duration: Microseconds?
  /// How long streams under way may go on behind the end before they are cancelled.
  package var drain = Microseconds(saturating: 30_000_000)
  /// The most streams under way at a time; what is due beyond them is not sent, and counted.
  package var maxInFlight = 16_384
  /// The most connections at a time, those that are kept included; what is due beyond them is not
  /// sent, as where the system has no descriptor left.
  package var maxConnections = Int.max
  /// Whether a connection is used for the next stream when one has ended well.
  package var reusesConnections = true
  /// At which pace the server plays the recordings, for the lateness of events; nil where that is
  /// not known.
  package var pace: Pace?
  /// Whether each stream is compared with its recording.
  package var verifies = false
  /// The most body bytes of one stream, and the most bytes of one head.
  package var bodyLimitBytes = 64 << 20
  package var headLimitBytes = 64 << 10

  /// Creates options with every default.
  package init() {}
}
