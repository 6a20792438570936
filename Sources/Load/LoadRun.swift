package import Loading

/// What a run measured, and how it went.
package struct LoadOutcome: Sendable {
  /// What was measured.
  package var meter: LoadMeter
  /// How long the measured part took, in nanoseconds.
  package var took: Int64
  /// Processor time of the generator's threads, in nanoseconds.
  package var processorTime: Int64

  /// Creates an outcome.
  package init(meter: LoadMeter, took: Int64, processorTime: Int64) {
    self.meter = meter
    self.took = took
    self.processorTime = processorTime
  }
}
