/// What one thread of the generator measures, as it comes; several are added up at the end.
///
/// Whatever is called for each event is a few steps without an allocation.
package struct LoadMeter: Sendable {
  /// Begins with nothing measured.
  package init() {}

  /// Notes the time between two events of one stream: the pooled gaps.
  ///
  /// - Parameters:
  ///   - nanoseconds: the gap.
  ///   - moment: when the later event came, in nanoseconds from the start of the run.
  package mutating func note(gap nanoseconds: Int64, at moment: Int64) {}

  /// Notes how much later than recorded an event came; negative where it was early.
  package mutating func note(late nanoseconds: Int64) {}

  /// Notes a stream that has ended, however.
  package mutating func note(_ record: StreamRecord) {}

  /// Notes an order that no request was sent for.
  package mutating func note(notSent order: StreamOrder, _ reason: NotSentReason) {}

  /// Adds what another thread, or another shard, has measured.
  package mutating func add(_ other: LoadMeter) {}
}
