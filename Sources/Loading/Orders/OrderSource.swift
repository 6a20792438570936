/// What says which streams are asked for, and when: open loops say times, closed ones places.
///
/// A source is a value with a seed; the same one gives the same orders.
package protocol OrderSource: Sendable {
  /// The most streams that are under way at a time, for a closed loop; nil for an open one, in
  /// which streams arrive whatever became of those before.
  var places: Int? { get }

  /// The next order, by the time at which it is due; nil where there are no more.
  mutating func next() -> StreamOrder?

  /// The turn that follows another in its conversation, once that has ended.
  ///
  /// - Parameters:
  ///   - order: the turn that has ended.
  ///   - end: when it ended, in nanoseconds from the start of the run.
  /// - Returns: the next turn, or nil where the conversation is over.
  mutating func turn(after order: StreamOrder, endedAt end: Int64) -> StreamOrder?
}
