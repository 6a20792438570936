internal import Cassettes

/// What a run of load came to: what was asked for, and what was measured.
package struct LoadReport: Sendable {
  /// What was loaded, as it was named: a URL or a cassette.
  package var target: String
  /// The arrivals, as they were written: `poisson:50/s`.
  package var arrivals: String
  /// The seed of the schedule.
  package var seed: UInt64
  /// The rate that was asked for, in streams a second, of this share of the schedule; nil for a
  /// closed loop, and for a trace the mean.
  package var requestedPerSecond: Double?
  /// Whether streams arrived whatever became of those before: only then do the latencies show a
  /// server that stood still (coordinated omission).
  package var isOpen: Bool
  /// How long the measured part took, in nanoseconds: from the first order that was due behind the
  /// warm-up until the last stream had ended.
  package var took: Int64
  /// When the run began, as RFC 3339 writes it.
  package var at: String
  /// What was measured.
  package var meter: LoadMeter
  /// Processor time of the generator in nanoseconds, its own deck not included; nil where that
  /// cannot be told apart.
  package var processorTime: Int64?
  /// Which share of the schedule this is: 2 of 4.
  package var shard: (number: Int, count: Int)?
  /// The shares that are not in it, where it is the sum of several.
  package var missingShards: [Int] = []
  /// The version of the program.
  package var version: String

  /// Creates a report.
  package init(
    target: String, arrivals: String, seed: UInt64, requestedPerSecond: Double?, isOpen: Bool,
    took: Int64, at: String, meter: LoadMeter, processorTime: Int64? = nil,
    shard: (number: Int, count: Int)? = nil, version: String = TapedeckVersion.current
  ) {
    self.target = target
    self.arrivals = arrivals
    self.seed = seed
    self.requestedPerSecond = requestedPerSecond
    self.isOpen = isOpen
    self.took = took
    self.at = at
    self.meter = meter
    self.processorTime = processorTime
    self.shard = shard
    self.version = version
  }
}
