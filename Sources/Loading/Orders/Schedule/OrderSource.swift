/// What says which streams are asked for, and when: open loops say times, closed ones places.
///
/// A source is a value with a seed; the same one gives the same orders.
package protocol OrderSource: Sendable {
  /// The most streams that are under way at a time, for a closed loop; nil for an open one, in
  /// which streams arrive whatever became of those before.
  var places: Int? { get }

  /// Until when streams warm up what is measured, in nanoseconds from the start of the run.
  ///
  /// An order that says when it is due says itself whether it does; one that does not is warm-up
  /// where it begins before this time.
  var warmup: Int64 { get }

  /// The next order, by the time at which it is due; nil where there are no more.
  mutating func next() -> StreamOrder?

  /// The turn that follows another in its conversation, once that has ended.
  ///
  /// In a closed loop the turn keeps the place of the one before. The rest of a conversation is
  /// given up by not asking for it.
  ///
  /// - Parameters:
  ///   - order: the turn that has ended.
  ///   - end: when it ended, in nanoseconds from the start of the run.
  /// - Returns: the next turn, which says when it is due, or nil where the conversation is over.
  mutating func turn(after order: StreamOrder, endedAt end: Int64) -> StreamOrder?
}

extension OrderSource {
  package var warmup: Int64 { 0 }
}
