import Quotas
import Testing
import Units

struct ProviderGateTests {
  private static let second: Int64 = 1_000_000_000

  private func gate(_ texts: [String], outages: [String] = [], keys: Int = 100) throws
    -> ProviderGate
  {
    var limits = ProviderLimits()
    for text in texts { try limits.add(ProviderLimit(parsing: text)) }
    for text in outages { try limits.add(Outage(parsing: text)) }
    return ProviderGate(limits, start: Instant(nanoseconds: 0), keyLimit: keys)
  }

  private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

  private func demand(
    _ key: UInt64? = 1, session: UInt64? = nil, input: Int64 = 0, output: Int64 = 0
  ) -> LimitDemand {
    LimitDemand(key: key, session: session, input: input, output: output)
  }

  @Test func requestsBeyondTheQuotaWaitExactlyAsLongAsTheyAreTold() throws {
    var gate = try gate(["requests=2/m"])
    for left in [1, 0] {
      let (verdict, standing) = gate.ask(demand(), at: at(0))
      #expect(verdict.ticket != nil)
      #expect(standing.requests?.remaining == Int64(left))
    }
    let refusal = gate.ask(demand(), at: at(0)).verdict.refusal
    #expect(refusal == LimitRefusal(cause: .quota(0, needs: 1, left: 0), wait: 30 * Self.second))
    #expect(gate.ask(demand(), at: at(30 * Self.second - 1)).verdict.refusal?.wait == 1)
    #expect(gate.ask(demand(), at: at(30 * Self.second)).verdict.ticket != nil)
  }

  @Test func aRefusalChargesNothing() throws {
    var gate = try gate(["requests=10/m", "input-tokens=100/m"])
    let refused = gate.ask(demand(input: 101), at: at(0))
    #expect(refused.verdict.refusal?.isForGood == true)
    #expect(refused.standing.requests?.remaining == 10)
    #expect(refused.standing.inputTokens?.remaining == 100)
  }

  @Test func eachScopeHasBucketsOfItsOwn() throws {
    var gate = try gate([
      "requests=1/m,per=key", "input-tokens=10/m,per=session", "output-tokens=3/m,per=all",
    ])
    #expect(gate.ask(demand(1, session: 1, input: 10, output: 1), at: at(0)).verdict.ticket != nil)
    let sameKey = gate.ask(demand(1, session: 2, output: 1), at: at(0)).verdict.refusal
    #expect(sameKey?.cause == .quota(0, needs: 1, left: 0))
    let sameSession = gate.ask(demand(2, session: 1, input: 1), at: at(0)).verdict.refusal
    #expect(sameSession?.cause == .quota(1, needs: 1, left: 0))
    #expect(gate.ask(demand(3, session: 3, output: 2), at: at(0)).verdict.ticket != nil)
    let all = gate.ask(demand(4, session: 4, output: 1), at: at(0)).verdict.refusal
    #expect(all?.cause == .quota(2, needs: 1, left: 0))
  }

  @Test func withoutAScopeTheKeyCountsThenTheSessionThenNothing() throws {
    var gate = try gate(["requests=1/m"])
    #expect(gate.ask(demand(1, session: 1), at: at(0)).verdict.ticket != nil)
    #expect(gate.ask(demand(1, session: 2), at: at(0)).verdict.refusal != nil)
    #expect(gate.ask(demand(nil, session: 2), at: at(0)).verdict.ticket != nil)
    #expect(gate.ask(demand(nil, session: 2), at: at(0)).verdict.refusal != nil)
    #expect(gate.ask(demand(nil), at: at(0)).verdict.ticket != nil)
    #expect(gate.ask(demand(nil), at: at(0)).verdict.refusal != nil)
  }

  @Test func whatIsNotUsedComesBackAtTheEnd() throws {
    var gate = try gate(["output-tokens=100/m"])
    let first = gate.ask(demand(output: 80), at: at(0))
    #expect(first.standing.outputTokens?.remaining == 20)
    let ticket = try #require(first.verdict.ticket)
    #expect(gate.ask(demand(output: 30), at: at(0)).verdict.refusal != nil)
    _ = gate.end(ticket, used: TokenUsage(output: 10), at: at(0))
    #expect(gate.ask(demand(output: 90), at: at(0)).verdict.ticket != nil)
    // A second end gives nothing more.
    _ = gate.end(ticket, used: TokenUsage(output: 0), at: at(0))
    #expect(gate.ask(demand(output: 1), at: at(0)).verdict.refusal != nil)
  }

  @Test func moreThanWasChargedIsADebt() throws {
    var gate = try gate(["output-tokens=60/m"])
    let ticket = try #require(gate.ask(demand(output: 10), at: at(0)).verdict.ticket)
    _ = gate.end(ticket, used: TokenUsage(output: 90), at: at(0))
    let refusal = gate.ask(demand(output: 1), at: at(0)).verdict.refusal
    #expect(refusal?.wait == 31 * Self.second)
  }

  @Test func anAnswerLongerThanTheLimitNeedsAFullBucket() throws {
    var gate = try gate(["output-tokens=100/m"])
    let ticket = try #require(gate.ask(demand(output: 4096), at: at(0)).verdict.ticket)
    _ = gate.end(ticket, used: TokenUsage(output: 40), at: at(0))
    let refusal = try #require(gate.ask(demand(output: 4096), at: at(0)).verdict.refusal)
    #expect(!refusal.isForGood)
    #expect(refusal.wait == 24 * Self.second)
  }

  @Test func anOutageAnswersEverybodyAndEndsWhenItSays() throws {
    var gate = try gate(["requests=5/m"], outages: ["10s..15s=500"])
    #expect(gate.ask(demand(), at: at(10 * Self.second - 1)).verdict.ticket != nil)
    let down = gate.ask(demand(), at: at(11 * Self.second)).verdict.refusal
    #expect(down == LimitRefusal(cause: .outage(0), wait: 4 * Self.second))
    #expect(gate.ask(demand(), at: at(15 * Self.second)).verdict.ticket != nil)
  }

  @Test func settlingNeverMakesTokensFromNothing() throws {
    var random = SeededNumbers(seed: 5)
    let amount: Int64 = 1000
    var gate = try gate(["output-tokens=1000/m", "input-tokens=1000/m"])
    var open: [(ticket: LimitTicket, charged: Int64)] = []
    var now: Int64 = 0
    var used: Int64 = 0
    for _ in 0..<1500 {
      now += random.next(0...Self.second / 10)
      let charged = random.next(0...200)
      let (verdict, standing) = gate.ask(
        demand(input: random.next(0...50), output: charged), at: at(now))
      if let ticket = verdict.ticket { open.append((ticket, charged)) }
      for kind in [standing.outputTokens, standing.inputTokens] {
        #expect((0...amount).contains(kind?.remaining ?? -1))
      }
      guard random.next(0...1) == 1, !open.isEmpty else { continue }
      let (ticket, most) = open.remove(at: Int(random.next(0...Int64(open.count - 1))))
      let output = random.next(0...min(40, most))
      used += output
      _ = gate.end(ticket, used: TokenUsage(input: 5, output: output), at: at(now))
    }
    #expect(used <= amount + now * amount / (60 * Self.second) + 1)
  }

  @Test func theSameRequestsInTheSameOrderGetTheSameVerdicts() throws {
    let gate = try gate(["requests=30/s", "concurrency=3,queue=2", "input-tokens=500/s,per=all"])
    func verdicts(_ seed: UInt64) -> [String] {
      var gate = gate
      var random = SeededNumbers(seed: seed)
      var open: [LimitTicket] = []
      return (0..<2000).map { step in
        let now = at(Int64(step) * 3_000_000)
        if random.next(0...2) == 0, !open.isEmpty {
          let ended = open.remove(at: Int(random.next(0...Int64(open.count - 1))))
          return "\(gate.end(ended, used: TokenUsage(input: 3), at: now))"
        }
        let key = UInt64(random.next(1...4))
        let (verdict, standing) = gate.ask(demand(key, input: random.next(0...30)), at: now)
        if let ticket = verdict.ticket { open.append(ticket) }
        return "\(verdict) \(standing)"
      }
    }
    #expect(verdicts(7) == verdicts(7))
    #expect(verdicts(7) != verdicts(8))
  }

  @Test func keysThatAClientInventsTakeBoundedMemoryAndNoWayAroundTheLimit() throws {
    var gate = try gate(["requests=10/m"], keys: 4)
    // Four keys in use: all others share what one would have.
    for key in 1...4 { #expect(gate.ask(demand(UInt64(key)), at: at(0)).verdict.ticket != nil) }
    let shared = (5...1000).filter { key in
      gate.ask(demand(UInt64(key)), at: at(0)).verdict.ticket != nil
    }
    #expect(shared.count == 10)
    #expect(gate.keyCount == 4)
    // Those four are full again, but who used the shared one does not begin anew with ten.
    let later = at(7 * Self.second)
    let again = (0..<20).filter { _ in gate.ask(demand(5), at: later).verdict.ticket != nil }
    #expect(again.count == 1)
    #expect(gate.keyCount == 4)
  }

  @Test func leavingAndComingBackUnderAForgottenKeyIsNoWayAroundTheLimit() throws {
    var gate = try gate(["requests=10/m"], keys: 2)
    for _ in 0..<10 { #expect(gate.ask(demand(1), at: at(0)).verdict.ticket != nil) }
    for key in 2...500 { _ = gate.ask(demand(UInt64(key)), at: at(0)) }
    #expect(gate.ask(demand(1), at: at(0)).verdict.refusal != nil)
  }
}

extension LimitVerdict {
  var ticket: LimitTicket? {
    switch self {
    case .admitted(let ticket), .waiting(let ticket): ticket
    case .refused: nil
    }
  }

  var refusal: LimitRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }

  var isWaiting: Bool { if case .waiting = self { true } else { false } }
}
