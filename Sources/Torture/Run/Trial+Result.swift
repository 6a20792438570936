internal import Cassettes
internal import Judging
internal import Planning
internal import Units

extension CaseRunner.Trial {
  /// What became of the case, for reports.
  ///
  /// - Parameters:
  ///   - exchange: The recording, or nil where nobody wants to see what happened when.
  ///   - reproduce: The command that runs the case once more.
  /// - Returns: The result.
  func result(of exchange: Exchange?, reproduce: String) -> CaseResult {
    let attempts = observation.requests.flatMap(\.attempts).sorted { $0.asked < $1.asked }
    var result = CaseResult(
      id: torture.id, title: torture.title,
      fault: torture.fault, clause: torture.clause,
      cassette: torture.cassette, exchange: torture.exchange,
      expect: torture.expect, expectation: torture.expectation,
      judgement: judgement, attempts: attempts.count, exit: exit, reproduce: reproduce)
    result.timeline = timeline(of: attempts, exchange)
    return result
  }

  /// The exit code as a shell has it.
  private var exit: Int32? {
    switch account.delivered.end {
    case .exited(let code): code
    case .signaled(let number): 128 + number
    case .timedOut, .answered: nil
    }
  }

  private func timeline(of attempts: [Attempt], _ exchange: Exchange?) -> CaseTimeline {
    guard let exchange else { return CaseTimeline() }
    let lanes = attempts.prefix(Self.laneLimit).map { lane(of: $0, exchange) }
    // The picture begins with the first request: how long a program takes to start is not shown.
    let since = { (moment: Instant) in
      Microseconds(saturating: max(0, moment.nanoseconds(since: origin) / 1000))
    }
    return CaseTimeline(
      lanes: Array(lanes),
      delivered: account.marks.prefix(Self.markLimit).map {
        CaseTimeline.Mark(at: since($0.at), bytes: $0.bytes)
      },
      end: since(account.end))
  }

  private static let laneLimit = 20
  private static let markLimit = 200
  private static let excerptBytes = 64

  /// One attempt as it was planned, and as far as it was sent.
  private func lane(of attempt: Attempt, _ exchange: Exchange) -> CaseTimeline.Lane {
    let options = PlanOptions(
      pace: torture.pace, faults: torture.faults, attempt: attempt.number,
      request: attempt.number)
    guard let plan = try? Planner().plan(exchange, options) else {
      return CaseTimeline.Lane(attempt: attempt)
    }
    var bytes = 0
    var planned: [CaseTimeline.Mark] = []
    var body: [UInt8] = []
    for action in plan.actions where !action.body.isEmpty {
      bytes += action.body.count
      let mark = CaseTimeline.Mark(at: attempt.asked + action.at, bytes: bytes)
      // What is due together is one.
      if planned.last?.at == mark.at { planned.removeLast() }
      if planned.count < Self.markLimit { planned.append(mark) }
      body += plan.wire[action.body]
    }
    let end = attempt.asked + (plan.actions.last?.at ?? .zero)
    let faults = plan.firedFaults.map { fired in
      let byte = fired.byte.map { min($0, bytes) }
      let at = byte.flatMap { byte in planned.first { $0.bytes >= byte }?.at } ?? end
      return CaseTimeline.FaultMark(at: at, byte: fired.byte, fault: "\(fired.asked)")
    }
    let place = min(body.count, faults.first?.byte.map { max(0, $0 - 1) } ?? body.count)
    let start = max(0, place - Self.excerptBytes)
    return CaseTimeline.Lane(
      attempt: attempt, planned: planned,
      sent: Array(attempt.sent.prefix(Self.markLimit)), faults: faults,
      excerpt: Array(body[start..<min(body.count, place + Self.excerptBytes)]),
      excerptPlace: place - start)
  }
}
