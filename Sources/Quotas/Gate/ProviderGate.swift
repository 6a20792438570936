package import Units

/// What a provider lets clients have: the state of all its limits, on a clock that is handed in.
///
/// ```
/// ask ─▶ outage? ─▶ quotas: all of them, or none is charged ─▶ places, or a line for one
///                                              end ─▶ settled, and the next in line gets the place
/// ```
///
/// A value without a clock and without chance: the same requests at the same moments get the same
/// verdicts.
package struct ProviderGate: Sendable {
  /// What is limited.
  package let limits: ProviderLimits

  /// When the provider started.
  package let start: Instant

  /// How many clients each limit tells apart unless told otherwise.
  package static let keyLimit = 10_000

  private struct QuotaRule: Sendable {
    let number: Int
    let scope: ProviderLimit.Scope?
    let quota: Quota
    var buckets: KeyTable<TokenBucket>
  }

  struct LineRule: Sendable {
    let number: Int
    let scope: ProviderLimit.Scope?
    let places: Int
    let queue: Int
    var lines: KeyTable<ConcurrencyLine>
  }

  private var quotas: [QuotaRule] = []
  var lines: [LineRule] = []
  var holds: [LimitHold] = []
  private var free: [Int32] = []
  /// Where the quotas stand that the request at hand meets, so that they are looked up once.
  private var found: [Int] = []
  private var foundLines: [Int] = []

  /// How many requests wait.
  package internal(set) var waitingCount = 0

  /// Creates the limits of a provider that starts now, with every bucket full.
  package init(_ limits: ProviderLimits, start: Instant, keyLimit: Int = Self.keyLimit) {
    self.limits = limits
    self.start = start
    for (number, limit) in limits.limits.enumerated() {
      switch limit.measure {
      case .quota(let quota):
        let buckets = KeyTable(limit: keyLimit, fresh: TokenBucket(quota, at: start))
        quotas.append(
          QuotaRule(number: number, scope: limit.scope, quota: quota, buckets: buckets))
      case .concurrency(let places, let queue):
        lines.append(
          LineRule(
            number: number, scope: limit.scope, places: places, queue: queue,
            lines: KeyTable(limit: keyLimit, fresh: ConcurrencyLine())))
      }
    }
    found = [Int](repeating: 0, count: quotas.count)
    foundLines = [Int](repeating: 0, count: lines.count)
  }

  /// How many requests hold something.
  package var liveCount: Int { holds.count - free.count }

  /// How many clients are told apart by the limit that tells the most.
  package var keyCount: Int {
    max(quotas.map(\.buckets.count).max() ?? 0, lines.map(\.lines.count).max() ?? 0)
  }

  // MARK: Asking

  /// Says what becomes of a request, and charges it where it is not refused.
  ///
  /// - Parameters:
  ///   - demand: The request.
  ///   - now: When it came.
  /// - Returns: What becomes of it, and how its client stands then.
  package mutating func ask(
    _ demand: LimitDemand, at now: Instant
  ) -> (verdict: LimitVerdict, standing: LimitStanding) {
    for index in quotas.indices {
      let place = quotas[index].buckets.place(
        of: demand.key(for: quotas[index].scope), at: now)
      quotas[index].buckets.change(place) { $0.refill(to: now) }
      found[index] = place
    }
    if let refusal = outage(at: now) ?? lack(demand) ?? crowd(demand, at: now) {
      return (.refused(refusal), standing(at: now))
    }
    let ticket = admit(demand)
    let standing = standing(at: now)
    return (holds[Int(ticket.seat)].isWaiting ? .waiting(ticket) : .admitted(ticket), standing)
  }

  private func outage(at now: Instant) -> LimitRefusal? {
    guard !limits.outages.isEmpty else { return nil }
    let elapsed = now.nanoseconds(since: start)
    guard let number = limits.outages.firstIndex(where: { $0.nanoseconds.contains(elapsed) }) else {
      return nil
    }
    return LimitRefusal(
      cause: .outage(number), wait: limits.outages[number].nanoseconds.upperBound - elapsed)
  }

  /// The quota for which the request would have to wait longest, or nil where all have enough.
  private func lack(_ demand: LimitDemand) -> LimitRefusal? {
    var worst: LimitRefusal?
    for index in quotas.indices {
      let bucket = quotas[index].buckets[found[index]]
      let count = demand.count(of: bucket.quota)
      let wait = bucket.wait(for: count)
      guard wait > worst?.wait ?? 0 else { continue }
      worst = LimitRefusal(
        cause: .quota(quotas[index].number, needs: count, left: max(0, bucket.level)), wait: wait,
        isForGood: count > bucket.quota.amount)
    }
    return worst
  }

  /// The line that has neither a place nor room to wait for one.
  private mutating func crowd(_ demand: LimitDemand, at now: Instant) -> LimitRefusal? {
    for index in lines.indices {
      let place = lines[index].lines.place(of: demand.key(for: lines[index].scope), at: now)
      foundLines[index] = place
      let line = lines[index].lines[place]
      if line.used >= lines[index].places, line.waiting >= lines[index].queue {
        return LimitRefusal(cause: .line(lines[index].number))
      }
    }
    return nil
  }

  private mutating func admit(_ demand: LimitDemand) -> LimitTicket {
    let ticket = newTicket()
    let seat = Int(ticket.seat)
    for index in quotas.indices {
      let place = found[index]
      let count = demand.count(of: quotas[index].quota)
      quotas[index].buckets.change(place) { $0.take(count) }
      guard quotas[index].quota.kind != .requests else { continue }
      holds[seat].charges.append(
        LimitHold.Charge(
          rule: index, key: demand.key(for: quotas[index].scope), isShared: place < 0,
          count: count))
    }
    for index in lines.indices {
      holds[seat].stages.append(LimitHold.Stage(rule: index, place: foundLines[index]))
    }
    _ = advance(ticket)
    return ticket
  }

  private func standing(at now: Instant) -> LimitStanding {
    var standing = LimitStanding()
    for index in quotas.indices { standing.add(quotas[index].buckets[found[index]], at: now) }
    return standing
  }

  private mutating func newTicket() -> LimitTicket {
    let seat = free.popLast() ?? Int32(clamping: holds.count)
    if Int(seat) == holds.count { holds.append(LimitHold()) }
    holds[Int(seat)].isLive = true
    holds[Int(seat)].passed = 0
    return LimitTicket(seat: seat, turn: holds[Int(seat)].turn)
  }

  // MARK: Ending

  /// Ends a request, be it under way or in line: what it was charged is settled with what it used,
  /// and its places go to those who wait.
  ///
  /// - Parameters:
  ///   - ticket: The request; one that has ended already is left alone.
  ///   - used: What it used in the end; what is not known stays as it was charged.
  ///   - now: When it ended.
  /// - Returns: Those whose turn it is now, in order.
  package mutating func end(
    _ ticket: LimitTicket, used: TokenUsage, at now: Instant
  ) -> [LimitTicket] {
    guard isLive(ticket) else { return [] }
    let seat = Int(ticket.seat)
    for charge in holds[seat].charges { settle(charge, used, at: now) }
    let admitted = leaveLines(ticket)
    holds[seat].charges.removeAll(keepingCapacity: true)
    holds[seat].stages.removeAll(keepingCapacity: true)
    holds[seat].isLive = false
    holds[seat].turn &+= 1
    free.append(ticket.seat)
    return admitted
  }

  func isLive(_ ticket: LimitTicket) -> Bool {
    holds.indices.contains(Int(ticket.seat)) && holds[Int(ticket.seat)].isLive
      && holds[Int(ticket.seat)].turn == ticket.turn
  }

  private mutating func settle(_ charge: LimitHold.Charge, _ used: TokenUsage, at now: Instant) {
    let kind = quotas[charge.rule].quota.kind
    let usage = kind == .inputTokens ? used.input : used.output
    guard let usage, usage != charge.count,
      let place = place(of: charge, owes: usage > charge.count, at: now)
    else { return }
    quotas[charge.rule].buckets.change(place) { bucket in
      bucket.refill(to: now)
      if usage < charge.count {
        bucket.give(back: charge.count - usage)
      } else {
        bucket.take(usage - charge.count)
      }
    }
  }

  /// Where what was charged is settled; what was forgotten was full, so there is nothing to give
  /// back, but there may be a debt.
  private mutating func place(
    of charge: LimitHold.Charge, owes: Bool, at now: Instant
  ) -> Int? {
    if charge.isShared { return KeyTable<TokenBucket>.sharedPlace }
    if let known = quotas[charge.rule].buckets.known(charge.key) { return known }
    return owes ? quotas[charge.rule].buckets.place(of: charge.key, at: now) : nil
  }

  // MARK: Looking

  /// The least that any client has left of the quota of a number among the limits, which is that of
  /// the busiest; nil where that number is of no quota.
  package func least(of number: Int, at now: Instant) -> Int64? {
    guard let rule = quotas.first(where: { $0.number == number }) else { return nil }
    var least = rule.quota.amount
    rule.buckets.forEach { bucket in
      var bucket = bucket
      bucket.refill(to: now)
      least = min(least, max(0, bucket.level))
    }
    return least
  }
}
