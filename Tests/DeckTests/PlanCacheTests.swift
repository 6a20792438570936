import Cassettes
import Dispatch
import Planning
import Synchronization
import Testing

@testable import Deck

@Suite("Plans are shared by the requests that they are the same for")
struct PlanCacheTests {
  private static let exchange = Exchange.recorded(["data: a\n\n", "data: b\n\n"])

  /// The plans that a cache gives for the options in turn.
  private static func plans(_ options: [PlanOptions], limitBytes: Int) throws -> [SharedPlan] {
    let cache = PlanCache(limitBytes: limitBytes)
    return try options.map { options in
      try #require(try cache.plan(entry: 0, options) { try Planner().plan(exchange, $0) })
    }
  }

  @Test("sessions and attempts share a plan that no chance is in, and only such a one")
  func sessions() throws {
    let sway = try Pace(parsing: "gap:1ms,jitter:50%")
    for (pace, isShared) in [(Pace.recorded, true), (sway, false)] {
      let plans = try Self.plans(
        [PlanOptions(pace: pace, session: "a"), PlanOptions(pace: pace, session: "b", attempt: 2)],
        limitBytes: 1 << 20)
      #expect((plans[0] === plans[1]) == isShared)
    }
  }

  @Test(
    "seed, session, attempt and ordinal make another plan only where chance depends on them",
    arguments: [
      // What is asked, and whether plans are shared by seeds, sessions, attempts and ordinals.
      ("", "1111"), ("fault=reset@byte:3", "1111"), ("fault=reset@byte:3,on=1-4", "1111"),
      ("fault=reset@byte:3,on=1", "1101"), ("fault=reset@random", "0001"),
      ("fault=rechunk:random", "0001"), ("fault=rechunk:2", "1111"),
      ("pace=gap:1ms,jitter:5%", "0001"), ("fault=reset@random,on=9", "1111"),
      ("pace=model:gap=lognormal(1ms,0.5)", "0001"), ("pace=model:gap=1ms", "1111"),
      ("session=s;fault=chaos:0.5", "0001"), ("fault=chaos:0.5", "0000"),
      ("fault=chaos:0.5,on=9", "1111"),
    ])
  func sharing(header: String, expected: String) throws {
    let asked = try Directives(header: header)
    var options = PlanOptions(
      pace: asked.pace ?? .recorded, faults: asked.faults ?? [], session: asked.session ?? "")
    let base = options
    var all = [base]
    options.seed = 1
    all.append(options)
    options = base
    options.session = base.session.isEmpty ? "other" : "s2"
    all.append(options)
    options = base
    options.attempt = 2
    all.append(options)
    options = base
    options.ordinal = 2
    all.append(options)
    let plans = try Self.plans(all, limitBytes: 1 << 20)
    #expect(plans.dropFirst().map { $0 === plans[0] ? "1" : "0" }.joined() == expected)
  }

  @Test("what changes the bytes or the times makes another plan")
  func distinct() throws {
    let options = [
      PlanOptions(), PlanOptions(pace: .instant), PlanOptions(idleTimeLimit: .zero),
      PlanOptions(client: ClientTraits(closes: true)),
      PlanOptions(client: ClientTraits(origin: "http://a")),
    ]
    let plans = try Self.plans(options, limitBytes: 1 << 20)
    #expect(Set(plans.map(ObjectIdentifier.init)).count == options.count)
    #expect(plans[1].plan.actions.allSatisfy { $0.at == .zero })
    #expect(plans[0].plan.actions.last?.at == Self.exchange.ending.at)
  }

  @Test("a cache that is full is emptied, and gives the same plans anew")
  func bounded() throws {
    let options = [PlanOptions(), PlanOptions(pace: .instant), PlanOptions()]
    let plans = try Self.plans(options, limitBytes: 1200)
    #expect(plans[0] !== plans[2])
    #expect(plans[0].wire == plans[2].wire)
    let tiny = try Self.plans([PlanOptions(), PlanOptions()], limitBytes: 1)
    #expect(tiny[0].wire == tiny[1].wire)
  }

  @Test("what takes long is not made where there is no time, and once for all who ask meanwhile")
  func together() async throws {
    let cache = PlanCache(limitBytes: 1 << 20)
    let made = Atomic(0)
    let begun = DispatchSemaphore(value: 0)
    let mayEnd = DispatchSemaphore(value: 0)
    let given = AsyncStream<ObjectIdentifier?>.makeStream()
    let take = { @Sendable (plan: Result<SharedPlan, any Error>) in
      _ = given.continuation.yield((try? plan.get()).map(ObjectIdentifier.init))
    }
    let make = { @Sendable (options: PlanOptions) throws -> Plan in
      made.add(1, ordering: .relaxed)
      begun.signal()
      mayEnd.wait()
      return try Planner().plan(Self.exchange, options)
    }
    #expect(try cache.plan(entry: 0, PlanOptions(), isBrief: false, make: make) == nil)
    try await TestDeck.blocking {
      DispatchQueue.global().async {
        cache.prepare(entry: 0, PlanOptions(), make: make, for: take)
      }
      begun.wait()
      // It is being made, so these return at once.
      for _ in 1...3 { cache.prepare(entry: 0, PlanOptions(attempt: 2), make: make, for: take) }
      mayEnd.signal()
    }
    var plans: [ObjectIdentifier?] = []
    for await plan in given.stream {
      plans.append(plan)
      if plans.count == 4 { break }
    }
    #expect(Set(plans).count == 1)
    #expect(plans.allSatisfy { $0 != nil })
    #expect(made.load(ordering: .relaxed) == 1)
    let kept = try cache.plan(entry: 0, PlanOptions(), isBrief: false, make: make)
    #expect(kept.map(ObjectIdentifier.init) == plans[0])
  }

  @Test("why there is no plan is told to all who ask, and the next one asks anew")
  func failing() throws {
    let cache = PlanCache(limitBytes: 1 << 20)
    var options = PlanOptions()
    options.faults = [try FaultSpec(parsing: "reset@event:99")]
    for _ in 1...2 {
      let failures = Atomic(0)
      cache.prepare(entry: 0, options, make: { try Planner().plan(Self.exchange, $0) }) { result in
        if case .failure = result { failures.add(1, ordering: .relaxed) }
      }
      #expect(failures.load(ordering: .relaxed) == 1)
    }
  }
}
