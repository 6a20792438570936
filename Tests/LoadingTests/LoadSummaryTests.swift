import Testing

@testable import Loading

struct LoadSummaryTests {
  private let second: Int64 = 1_000_000_000

  private func report(
    _ records: [StreamRecord], isOpen: Bool = true, took: Int64, notSent: Int = 0
  ) -> LoadReport {
    var meter = LoadMeter()
    for record in records { meter.note(record) }
    for number in 0..<notSent {
      let due = Int64(records.count + number) * 20 * LoadRecords.millisecond
      meter.note(notSent: StreamOrder(number: number, due: due), .tooMany)
    }
    return LoadReport(
      target: "a.tape", arrivals: "constant:50/s", seed: 1, requestedPerSecond: 50, isOpen: isOpen,
      took: took, at: "2026-01-02T03:04:05Z", meter: meter)
  }

  private func arrivals(_ count: Int, delay: Int64 = 0) -> [StreamRecord] {
    (0..<count).map { LoadRecords.whole($0, due: Int64($0) * 20, delay: delay) }
  }

  @Test func theAchievedRateIsThatAtWhichStreamsWereBegunHoweverLongTheyTook() {
    let summary = LoadSummary(report(arrivals(500), took: 60 * second))
    #expect(abs(summary.achievedPerSecond - 50) < 0.001)
    #expect(abs(summary.goodputPerSecond - 50) < 0.001)
    #expect(abs(summary.eventsPerSecond - 5500.0 / 60) < 0.001)
    #expect((summary.streams, summary.completed, summary.notSent) == (500, 500, 0))
  }

  @Test func ordersThatWereNotSentLowerTheAchievedRate() {
    let summary = LoadSummary(report(arrivals(300), took: 60 * second, notSent: 100))
    #expect(abs(summary.achievedPerSecond - 37.5) < 0.01)
    #expect(summary.notSent == 100)
  }

  @Test func whatTheEndOfARunLeftOverWasNeverDueInIt() {
    var stopped = report(arrivals(100), took: 3 * second)
    stopped.meter.note(notSent: StreamOrder(number: 100, due: 3600 * second), .ended, wasDue: false)
    let summary = LoadSummary(stopped)
    #expect(abs(summary.achievedPerSecond - 50) < 0.001)
    #expect(summary.notSent == 1)
  }

  @Test func aClosedLoopAchievesWhatItCompletesInItsTime() {
    let summary = LoadSummary(report(arrivals(100), isOpen: false, took: 4 * second))
    #expect(summary.achievedPerSecond == 25)
    #expect(!summary.isOpen)
  }

  @Test(arguments: [0, 1])
  func says0WhereNothingWasDone(count: Int) {
    let summary = LoadSummary(report(arrivals(count), took: Int64(1 - count)))
    #expect(summary.achievedPerSecond == 0)
    #expect(summary.eventsPerSecond == 0)
    #expect(!summary.generatorLate)
  }

  @Test(arguments: [
    // Delay and TTFT in microseconds, and whether the generator was late.
    (Int64(900), Int64(100_000), false), (1100, 1_000_000, true), (900, 80_000, true),
    (0, 0, false), (10, 900, true),
  ])
  func theGeneratorIsLateFromAMillisecondOrAHundredthOfTheMedianTTFT(
    delay: Int64, ttft: Int64, isLate: Bool
  ) {
    var record = LoadRecords.whole()
    record.dispatched = delay * 1000
    record.firstContent = ttft * 1000
    let summary = LoadSummary(report([record], took: second))
    #expect(summary.generatorLate == isLate)
    #expect(summary.lateReason?.contains(delay > 1000 ? "1 ms" : "median TTFT") ?? true)
  }

  @Test func errorsAreAShareOfTheStreamsThatThisSideDidNotLeave() {
    var records = arrivals(10)
    records[0].outcome = .cancelled
    records[1].outcome = .cut
    records[2].outcome = .status
    let summary = LoadSummary(report(records, took: second))
    #expect(summary.errors == 2)
    #expect(abs(summary.errorShare - 2.0 / 9) < 1e-9)
    #expect(summary.outcomes == [.whole: 7, .cancelled: 1, .cut: 1, .status: 1])
  }
}
