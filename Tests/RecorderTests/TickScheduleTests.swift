import Testing

@testable import Recorder

@Suite("The ticks of a recorder")
struct TickScheduleTests {
  private static let millisecond: Int64 = 1_000_000
  private static let promised = 250 * millisecond

  @Test(
    "a transfer has its tick in time, however late each turn is",
    arguments: [0, 1, 8, 9] as [Int64])
  func lateness(milliseconds: Int64) throws {
    var ticks = TickSchedule()
    var now = 1_000 * Self.millisecond
    var last: [UInt64: Int64] = [:]
    for _ in 0..<800 {
      let due = ticks.take(now: now)
      let turn = try #require(due)
      if let before = last[turn] { #expect(now - before <= Self.promised) }
      last[turn] = now
      now = max(now, ticks.next) + milliseconds * Self.millisecond
    }
    #expect(last.count == Int(TickSchedule.turns))
  }

  @Test("turns that were missed are not made up for")
  func missed() {
    var ticks = TickSchedule()
    _ = ticks.take(now: 0)
    let now = 60_000 * Self.millisecond
    var taken = 0
    while ticks.take(now: now) != nil { taken += 1 }
    #expect(taken <= 2)
  }
}
