package import Cassettes
package import Planning

/// What is asked for, and when: all that decides the orders of a run but its requests.
///
/// The same values give the same orders, to the nanosecond, on every machine.
package struct LoadSchedule: Sendable {
  /// The process by which streams, or conversations of several, arrive.
  package var arrivals: Arrivals
  /// The times of `Arrivals.trace`, once its file has been read.
  package var trace: Trace?
  /// How many times as fast as they stand in the trace its arrivals come.
  package var speed: ExactDecimal?
  /// The seed of all that is drawn.
  package var seed: UInt64 = 0
  /// How many streams there are in all, warm-up included; nil for no end.
  package var count: Int?
  /// Until when streams are begun, from the start of the run; nil for no end.
  package var duration: Microseconds?
  /// How long, from the start of the run, streams count in nothing.
  package var warmup = Microseconds.zero
  /// How many turns a conversation has.
  package var turns = TurnCount.one
  /// The time between the end of a turn and the next, or in a closed loop between any two streams
  /// of a place; nil for none.
  package var think: DrawnTime?
  /// Which clients leave early.
  package var departures = Departures()
  /// Which of the requests are sent.
  package var choice = RequestChoice.ordered
  /// Which share of the schedule this process takes.
  package var shard = Shard.whole

  /// The most streams that `count` may say.
  package static let countLimit = 1_000_000_000

  /// Creates a schedule with every default.
  package init(_ arrivals: Arrivals) { self.arrivals = arrivals }

  /// The orders, from the first.
  ///
  /// - Throws: where the options contradict each other, or nothing would be asked.
  package func source(of pool: RequestPool) throws(DirectiveError) -> some OrderSource {
    try check()
    let picker = try RequestPicker(pool, choice, inConversations: turns != .one, seed: seed)
    return ScheduledOrders(self, times: times, picker)
  }

  /// The times of an open loop.
  private var times: (any ArrivalTimes)? {
    let draws = SequentialDraws(Draws(seed: seed, of: .arrivals))
    switch arrivals {
    case .constant(let rate): return ConstantTimes(rate)
    case .poisson(let rate): return RenewalTimes(poisson: rate, draws)
    case .gamma(let rate, let cv): return RenewalTimes(gamma: rate, cv: cv, draws)
    case .concurrent: return nil
    case .ramp(let from, let to, let time):
      return RampTimes(from: from, to: to, over: time.nanoseconds)
    case .trace: return TraceTimes(trace ?? Trace(), speed: speed)
    }
  }
}

extension LoadSchedule {
  private func check() throws(DirectiveError) {
    if let count, !(1...Self.countLimit).contains(count) {
      throw DirectiveError(
        "a count of \(count) is not from 1 to \(Self.countLimit): write how many streams are "
          + "asked for")
    }
    if duration == .zero {
      throw DirectiveError("a duration of 0 asks for nothing: write a time like 30s")
    }
    if let duration, warmup >= duration {
      throw DirectiveError(
        "a warm-up of \(warmup.written) leaves nothing of a run of \(duration.written) to measure: "
          + "write a shorter one, or a longer duration")
    }
    try checkTrace()
    if think != nil, arrivals.isOpen, turns == .one {
      throw DirectiveError(
        "a think time has no effect where conversations have one turn: write --session-turns 2 or more, or "
          + "a closed loop like concurrent:20")
    }
    if case .concurrent(let places) = arrivals, shard.share(of: places) == 0 {
      throw DirectiveError(
        "shard \(shard) has no place of \(arrivals): write at most \(places) shards, or more "
          + "places")
    }
  }

  private func checkTrace() throws(DirectiveError) {
    guard case .trace(let path) = arrivals else {
      guard speed == nil else {
        throw DirectiveError("--speed is for trace:FILE alone: change the rate in \(arrivals)")
      }
      return
    }
    if let speed, speed.digits == 0 {
      throw DirectiveError("a speed of 0 never asks: write a number above 0, like 2")
    }
    guard trace?.count ?? 0 > 0 else {
      throw DirectiveError("\(path) has no arrival: write a file with at least one")
    }
  }
}
