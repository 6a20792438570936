internal import Units

/// How requests stand in line.
///
/// A request passes its lines one after the other, always in the same order, and holds the places
/// that it has while it waits for the next: nobody waits for somebody who waits for them. Who
/// waits is linked to the one in front, so that joining, leaving and moving up take the same time
/// however many there are.
extension ProviderGate {
  /// Takes places as far as there are any, and joins the first line that has none; says whether the
  /// request has all of them.
  mutating func advance(_ ticket: LimitTicket) -> Bool {
    let seat = Int(ticket.seat)
    while holds[seat].passed < holds[seat].stages.count {
      let stage = holds[seat].stages[holds[seat].passed]
      let line = lines[stage.rule].lines[stage.place]
      // Whoever comes may not overtake those who wait.
      guard line.used < lines[stage.rule].places, line.waiting == 0 else {
        join(ticket, stage)
        return false
      }
      lines[stage.rule].lines.change(stage.place) { $0.used += 1 }
      holds[seat].passed += 1
    }
    return true
  }

  private mutating func join(_ ticket: LimitTicket, _ stage: LimitHold.Stage) {
    let last = lines[stage.rule].lines[stage.place].last
    holds[Int(ticket.seat)].previous = last
    holds[Int(ticket.seat)].next = .none
    if last != .none { holds[Int(last.seat)].next = ticket }
    lines[stage.rule].lines.change(stage.place) { line in
      if line.first == .none { line.first = ticket }
      line.last = ticket
      line.waiting += 1
    }
    waitingCount += 1
  }

  /// Takes a request out of the line in which it waits.
  private mutating func unlink(_ ticket: LimitTicket, _ stage: LimitHold.Stage) {
    let (previous, next) = (holds[Int(ticket.seat)].previous, holds[Int(ticket.seat)].next)
    if previous != .none { holds[Int(previous.seat)].next = next }
    if next != .none { holds[Int(next.seat)].previous = previous }
    lines[stage.rule].lines.change(stage.place) { line in
      if line.first == ticket { line.first = next }
      if line.last == ticket { line.last = previous }
      line.waiting -= 1
    }
    holds[Int(ticket.seat)].previous = .none
    holds[Int(ticket.seat)].next = .none
    waitingCount -= 1
  }

  /// Gives up a request's place in line and its places, and returns those who have all of theirs
  /// now.
  mutating func leaveLines(_ ticket: LimitTicket) -> [LimitTicket] {
    let hold = holds[Int(ticket.seat)]
    if hold.isWaiting { unlink(ticket, hold.stages[hold.passed]) }
    var admitted: [LimitTicket] = []
    for stage in hold.stages.prefix(hold.passed).reversed() {
      lines[stage.rule].lines.change(stage.place) { $0.used -= 1 }
      let next = lines[stage.rule].lines[stage.place].first
      guard next != .none else { continue }
      unlink(next, stage)
      lines[stage.rule].lines.change(stage.place) { $0.used += 1 }
      holds[Int(next.seat)].passed += 1
      if advance(next) { admitted.append(next) }
    }
    return admitted
  }
}
