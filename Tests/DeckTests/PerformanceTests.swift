import Cassettes
import Planning
import Quotas
import Testing
import Units

@testable import Deck

@Suite("A performance says at each time what to write")
struct PerformanceTests {
  private static func performance() throws -> Performance {
    // The head is due at 1 ms, the chunks at 2, 3 and 4 ms, the end at 5 ms.
    let exchange = Exchange.recorded(["a", "b", "c"])
    return Performance(
      SharedPlan(try Planner().plan(exchange)), start: Instant(nanoseconds: 1_000_000_000))
  }

  @Test("nothing is due a nanosecond before its time, and all that is due is one step")
  func steps() throws {
    let plan = try Planner().plan(Exchange.recorded(["a", "b", "c"]))
    let ends = plan.actions.map(\.wireEnd)
    var performance = try Self.performance()
    #expect(performance.deadline == Instant(nanoseconds: 1_001_000_000))
    #expect(performance.step(at: Instant(nanoseconds: 1_000_999_999)) == nil)
    #expect(
      performance.step(at: Instant(nanoseconds: 1_001_000_000))
        == .init(wire: 0..<ends[0], latenessNanoseconds: 0, isLast: false))
    #expect(performance.step(at: Instant(nanoseconds: 1_001_999_999)) == nil)
    // The chunk at 4 ms is not due yet, by one nanosecond.
    #expect(
      performance.step(at: Instant(nanoseconds: 1_003_999_999))
        == .init(wire: ends[0]..<ends[2], latenessNanoseconds: 1_999_999, isLast: false))
    #expect(
      performance.step(at: Instant(nanoseconds: 1_009_000_000))
        == .init(wire: ends[2]..<ends[4], latenessNanoseconds: 5_000_000, isLast: true))
    #expect(performance.deadline == nil)
    #expect(performance.step(at: Instant(nanoseconds: 2_000_000_000)) == nil)
  }

  @Test("beside other answers gaps stretch, each from when the one before was due")
  func stretched() throws {
    let plan = SharedPlan(try Planner().plan(Exchange.recorded(["a", "b", "c"])))
    let start = Instant(nanoseconds: 1_000_000_000)
    func at(_ microseconds: Int64) -> Instant { start.after(nanoseconds: microseconds * 1000) }
    var performance = Performance(plan, start: start, slowdown: Slowdown(doubling: 10), beside: 10)
    #expect(performance.deadline == at(2000))
    #expect(performance.step(at: at(1999)) == nil)
    #expect(performance.step(at: at(2500))?.latenessNanoseconds == 500_000)
    // It was late by 0.5 ms, which the next one is not.
    #expect(performance.deadline == at(4000))
    performance.note(others: 0)
    #expect(performance.deadline == at(3000))
    #expect(performance.step(at: at(3000))?.latenessNanoseconds == 0)
    performance.note(others: 20)
    #expect(performance.deadline == at(6000))
    // Two that are due at once are one step.
    let last = performance.step(at: at(9000))
    #expect(last?.isLast == false)
    #expect(performance.deadline == at(12_000))
    #expect(performance.step(at: at(12_000))?.isLast == true)
    var alone = Performance(plan, start: start, slowdown: Slowdown(doubling: 1))
    var plain = Performance(plan, start: start)
    for time in [1000, 2500, 4000, 5000] as [Int64] {
      #expect(alone.step(at: at(time)) == plain.step(at: at(time)))
    }
  }

  @Test("a time before the start is before everything")
  func beforeStart() throws {
    var performance = try Self.performance()
    #expect(performance.step(at: Instant(nanoseconds: 0)) == nil)
  }
}
