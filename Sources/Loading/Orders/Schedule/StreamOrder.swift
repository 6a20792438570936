/// One stream that a schedule wants asked for, and when.
///
/// Times are in nanoseconds from the start of the run.
package struct StreamOrder: Hashable, Sendable {
  /// Its place in the whole schedule, from 0, whichever shard takes it.
  package var number: Int
  /// When it is due; nil where it is due as soon as one before it has ended (a closed loop).
  package var due: Int64?
  /// How long, where `due` is nil, its place rests first from the stream before: it is scheduled
  /// that much later than its place was free.
  package var pause: Int64
  /// Which of the workload's requests is sent.
  package var request: Int
  /// The conversation that it belongs to, from 0.
  package var conversation: Int
  /// Which turn of the conversation it is, from 1.
  package var turn: Int
  /// After how long, from when it was due, its client leaves; nil where it stays.
  package var cancelAfter: Int64?
  /// Whether it is asked for only to warm up what is measured: it counts in nothing.
  package var isWarmup: Bool

  /// Creates an order.
  package init(
    number: Int, due: Int64?, pause: Int64 = 0, request: Int = 0, conversation: Int? = nil,
    turn: Int = 1, cancelAfter: Int64? = nil, isWarmup: Bool = false
  ) {
    self.number = number
    self.due = due
    self.pause = pause
    self.request = request
    self.conversation = conversation ?? number
    self.turn = turn
    self.cancelAfter = cancelAfter
    self.isWarmup = isWarmup
  }
}
