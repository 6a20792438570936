internal import Cassettes
internal import Loading
internal import Units

/// Orders: when they are taken from the source, and begun.
extension LoadLoop {
  /// How many streams are begun before sockets are looked at again.
  private static let beginsPerTurn = 16
  /// For how long a place of a closed loop rests where nothing could be asked: without it, a server
  /// that is not there would use up the schedule at once.
  private static let rest: Int64 = 10_000_000

  /// How many orders that the end of the run leaves over are told of.
  private static let leftOverLimit = 1_000_000

  /// When something is to begin next.
  var nextDue: Int64 {
    guard !isClosing else { return .max }
    return min(aheadDue, dues.firstAt)
  }

  /// Begins what is due, and returns what time it is then.
  func beginDue(_ time: Int64) -> Int64 {
    var now = time
    guard !isClosing else { return now }
    for _ in 0..<Self.beginsPerTurn {
      takeAhead()
      if aheadDue <= now, aheadDue <= dues.firstAt, let order = ahead {
        guard isBefore(end: now) else {
          close(now)
          return now
        }
        ahead = nil
        aheadDue = .max
        begin(order, scheduled: order.due ?? now)
      } else if let item = dues.take(dueBy: now) {
        guard isBefore(end: now) else {
          dues.insert(item)
          close(now)
          return now
        }
        begin(item)
      } else {
        break
      }
      now = scene.now
    }
    return now
  }

  /// Whether the run goes on.
  func isBefore(end now: Int64) -> Bool {
    guard let duration = scene.options.duration else { return !stop.isSet }
    return now < duration.count * 1000 && !stop.isSet
  }

  /// Holds the next order of an open loop until it is due.
  private func takeAhead() {
    guard ahead == nil, !isExhausted, desk.places == nil else { return }
    ahead = desk.next()
    if ahead == nil { exhaust() }
    aheadDue = ahead.map { $0.due ?? 0 } ?? .max
  }

  private func exhaust() {
    guard !isExhausted else { return }
    isExhausted = true
    exhaustedAt = scene.now
  }

  /// Begins a turn, or the next order on a place that is free.
  private func begin(_ item: DueQueue.Item) {
    if let order = item.order { return begin(order, scheduled: item.at) }
    guard !isExhausted, let order = desk.next() else { return exhaust() }
    let time = order.due.map { max($0, item.at) } ?? item.at.addingReportingOverflow(order.pause).0
    guard time > item.at else { return begin(order, scheduled: item.at) }
    dues.insert(DueQueue.Item(at: time, order: order))
  }

  private func begin(_ ordered: StreamOrder, scheduled: Int64) {
    var order = ordered
    if order.due == nil { order.isWarmup = scheduled < desk.warmup }
    let record = StreamRecord(order: order, scheduled: scheduled, dispatched: scene.now)
    guard inFlight < maxInFlight else { return leave(order, .tooMany) }
    if let reason = ask(record) { leave(order, reason) }
  }

  /// Notes an order that no request is sent for.
  private func leave(_ order: StreamOrder, _ reason: NotSentReason) {
    note(order, reason)
    endConversation(of: order)
    freePlace(at: scene.now + Self.rest)
  }

  private func note(_ order: StreamOrder, _ reason: NotSentReason) {
    let wasDue = reason != .ended || order.due ?? 0 <= scene.now
    if !order.isWarmup { meter.note(notSent: order, reason, wasDue: wasDue) }
  }

  /// Notes the turns that would have followed.
  private func endConversation(of order: StreamOrder) {
    var last = order
    let now = scene.now
    // A conversation without an end would never be over.
    for _ in 0..<1000 {
      guard let next = desk.turn(after: last, endedAt: now) else { return }
      note(next, .conversation)
      last = next
    }
  }

  private func freePlace(at time: Int64) {
    guard desk.places != nil else { return }
    dues.insert(DueQueue.Item(at: time))
  }

  /// Goes on behind a stream that has ended.
  func goOn(behind record: StreamRecord) {
    inFlight -= 1
    if !record.order.isWarmup {
      span = (
        min(span?.first ?? .max, record.scheduled), max(span?.last ?? .min, record.end)
      )
      meter.note(record)
      news.records.append(record)
    }
    news.ended += 1
    if record.outcome.isError { news.errors += 1 }
    news.events += record.events
    guard record.outcome == .whole else {
      endConversation(of: record.order)
      return freePlace(at: record.outcome == .refused ? record.end + Self.rest : record.end)
    }
    guard let next = desk.turn(after: record.order, endedAt: record.end) else {
      return freePlace(at: record.end)
    }
    if isClosing { return note(next, .ended) }
    // In a closed loop a conversation keeps its place while its user thinks.
    dues.insert(DueQueue.Item(at: next.due ?? record.end, order: next))
  }

  // MARK: The end

  /// Begins nothing more where the run is over, and cancels what has not ended in time.
  func closeIfOver(_ now: Int64) {
    if !isClosing {
      let isDone = isExhausted && dues.orders == 0 && inFlight == 0
      if isDone || !isBefore(end: now) { close(now) }
    }
    guard inFlight > 0 else { return }
    if stop.isSet { return cancelAll("the run was stopped") }
    let drain = scene.options.drain.count * 1000
    if isClosing {
      if now >= drainsFrom + drain { cancelAll("the run was over") }
    } else if scene.options.duration == nil, isExhausted, dues.orders == 0,
      now >= max(exhaustedAt, lastContent) + drain
    {
      // Where the schedule has an end of its own, streams may take their time while they go on;
      // a duration is over when it is over, however early the last stream of it was begun.
      cancelAll("nothing but silence came after the last stream was begun")
    }
  }

  private func close(_ now: Int64) {
    isClosing = true
    let end = min(now, scene.options.duration.map { $0.count * 1000 } ?? now)
    drainsFrom = end
    // What was due until then and was not begun is told of, but no schedule without an end.
    for _ in 0..<Self.leftOverLimit where aheadDue <= end {
      if let order = ahead { note(order, .ended) }
      ahead = nil
      takeAhead()
    }
    ahead = nil
    aheadDue = .max
    for item in dues.removeAll() {
      if let order = item.order { note(order, .ended) }
    }
  }

  /// Notes what was due when the run ended, and had not been begun.
  private func noteAhead(dueBefore end: Int64) {
    takeAhead()
    while let order = ahead, order.due ?? 0 < end {
      note(order, .ended)
      ahead = nil
      takeAhead()
    }
    ahead = nil
  }
}
