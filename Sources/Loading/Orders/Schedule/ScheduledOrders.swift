internal import Cassettes

/// The orders of a schedule, made one by one as they are asked for.
///
/// Conversations arrive one after another; the numbers of a conversation's turns follow each other,
/// so that a number, its turns and all that is drawn for it do not depend on what a server did.
struct ScheduledOrders: OrderSource {
  let places: Int?
  let warmup: Int64

  private let schedule: LoadSchedule
  private let picker: RequestPicker
  private let turns: Draws
  private let think: Draws
  private let cancels: Draws
  private let cancelTimes: Draws
  private let end: Int64
  private var times: (any ArrivalTimes)?
  private var conversation = 0
  /// The number of the next conversation's first turn.
  private var number = 0

  init(_ schedule: LoadSchedule, times: (any ArrivalTimes)?, _ picker: RequestPicker) {
    self.schedule = schedule
    self.times = times
    self.picker = picker
    if case .concurrent(let places) = schedule.arrivals {
      self.places = schedule.shard.share(of: places)
    } else {
      places = nil
    }
    warmup = schedule.warmup.nanoseconds
    end = schedule.duration?.nanoseconds ?? .max
    turns = Draws(seed: schedule.seed, of: .turns)
    think = Draws(seed: schedule.seed, of: .think)
    cancels = Draws(seed: schedule.seed, of: .cancels)
    cancelTimes = Draws(seed: schedule.seed, of: .cancelTimes)
  }

  mutating func next() -> StreamOrder? {
    while number < schedule.count ?? .max {
      var due: Int64?
      if times != nil {
        guard let time = times?.next(), time < end else { return nil }
        due = time
      }
      let order = self.order(number, due: due, conversation: conversation, turn: 1)
      let (after, overflow) = number.addingReportingOverflow(turnCount(of: conversation))
      guard !overflow else { return nil }
      number = after
      conversation += 1
      if schedule.shard.takes(order.conversation) { return order }
    }
    return nil
  }

  mutating func turn(after order: StreamOrder, endedAt end: Int64) -> StreamOrder? {
    guard order.turn < turnCount(of: order.conversation),
      order.number + 1 < schedule.count ?? .max,
      case let (due, overflow) = end.addingReportingOverflow(thinkTime(before: order.number + 1)),
      !overflow, due < self.end
    else { return nil }
    return self.order(
      order.number + 1, due: due, conversation: order.conversation, turn: order.turn + 1)
  }

  private func order(
    _ number: Int, due: Int64?, conversation: Int, turn: Int
  ) -> StreamOrder {
    var order = StreamOrder(
      number: number, due: due,
      request: picker.request(ofConversation: conversation, turn: turn),
      conversation: conversation, turn: turn,
      cancelAfter: schedule.departures.departure(of: number, cancels, times: cancelTimes),
      isWarmup: due.map { $0 < warmup } ?? false)
    // The first of each place has nothing to rest from.
    if due == nil, let places, conversation / schedule.shard.count >= places {
      order.pause = thinkTime(before: number)
    }
    return order
  }

  private func turnCount(of conversation: Int) -> Int {
    schedule.turns.count(of: conversation, turns)
  }

  private func thinkTime(before number: Int) -> Int64 {
    schedule.think?.nanoseconds(of: number, think) ?? 0
  }
}
