import TestSupport
import Testing

@testable import Loading

struct LoadMeterTests {
  private let millisecond = LoadRecords.millisecond

  private func close(_ value: Int64, to milliseconds: Double) -> Bool {
    abs(Double(value) - milliseconds * 1e6) <= milliseconds * 1000 + 1
  }

  @Test func measuresAWholeStreamFromWhenItWasDueAndFromWhenItWasSent() {
    var meter = LoadMeter()
    meter.note(LoadRecords.whole(due: 50, delay: 3))
    let expected: [(LoadMetric, Double)] = [
      (.dispatch, 3), (.ttfb, 90), (.ttft, 100), (.second, 120), (.stream, 305), (.gapMean, 20),
      (.tpot, 20), (.longestGap, 20), (.ttfbSent, 86), (.ttftSent, 96), (.secondSent, 116),
      (.streamSent, 301),
    ]
    for (metric, milliseconds) in expected {
      #expect(meter[metric].count == 1, "\(metric)")
      #expect(close(meter[metric].longest, to: milliseconds), "\(metric)")
    }
    #expect(meter[.broken].count == 0)
    #expect(meter.outcomes == [.whole: 1])
    #expect(meter.statuses == [200: 1])
    #expect((meter.events, meter.bytes, meter.good, meter.tpotByTokens) == (11, 1100, 1, 0))
  }

  @Test func countsTheTokensOfTheUsageWhereItSaysThem() {
    var meter = LoadMeter()
    var record = LoadRecords.whole()
    record.outputTokens = 41
    meter.note(record)
    #expect(close(meter[.tpot].longest, to: 5))
    #expect((meter.tpotByTokens, meter.outputTokens, meter.tokenStreams) == (1, 41, 1))
  }

  @Test(arguments: StreamOutcome.allCases)
  func neverAveragesTheDurationsOfBrokenStreamsWithThoseOfWholeOnes(
    outcome: StreamOutcome
  ) {
    var meter = LoadMeter()
    var record = LoadRecords.whole()
    record.outcome = outcome
    meter.note(record)
    #expect(meter[.stream].count == (outcome == .whole ? 1 : 0))
    #expect(meter[.tpot].count == meter[.stream].count)
    #expect(meter[.broken].count == (outcome.isError ? 1 : 0))
    let isRefusal = [.status, .notAStream, .refused].contains(outcome)
    #expect(meter[.ttft].count == (isRefusal ? 0 : 1))
    #expect(meter[.dispatch].count == 1)
    #expect(meter.good == (outcome == .whole ? 1 : 0))
  }

  @Test func countsOnlyWhatAStreamGotAsFarAs() {
    var meter = LoadMeter()
    var record = LoadRecords.whole(events: 1)
    record.outcome = .cut
    meter.note(record)
    #expect(meter[.ttft].count == 1)
    #expect(meter[.second].count == 0)
    #expect(meter[.longestGap].count == 0)
    record.firstByte = nil
    record.firstContent = nil
    record.sent = nil
    record.outcome = .timeout
    meter.note(record)
    #expect(meter[.ttft].count == 1)
    #expect(meter[.broken].count == 2)
  }

  @Test func countsNothingOfTheWarmup() {
    var meter = LoadMeter()
    var record = LoadRecords.whole()
    record.order.isWarmup = true
    meter.note(record)
    meter.note(notSent: record.order, .tooMany)
    #expect(meter == LoadMeter())
  }

  @Test func countsEarlyEventsApartFromLateOnes() {
    var meter = LoadMeter()
    for late in [2 * millisecond, 0, -3 * millisecond, .min] { meter.note(late: late) }
    #expect(meter[.late].count == 2)
    #expect((meter.early, meter.earliest) == (2, LatencyHistogram.limit))
  }

  @Test func tellsABoundedNumberOfDetailsApart() {
    var meter = LoadMeter()
    for number in 0..<1000 {
      var record = LoadRecords.whole(number)
      record.detail = "detail \(number % 500) " + String(repeating: "x", count: 1000)
      record.status = number
      meter.note(record)
    }
    #expect(meter.details.counts.count == BoundedCounts.limit + 1)
    #expect(meter.details.counts.values.reduce(0, +) == 1000)
    #expect(meter.details.counts.keys.allSatisfy { $0.utf8.count <= BoundedCounts.textLimitBytes })
    #expect(meter.statuses.count <= LoadMeter.statusLimit + 1)
    #expect(meter.statuses.values.reduce(0, +) == 1000)
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>)
  func theSumOfSeveralEqualsOneThatSawAll(seed: UInt64) {
    var random = SeededGenerator(seed)
    var all = LoadMeter()
    var parts = [LoadMeter](repeating: .init(), count: 3)
    for index in 0..<300 {
      let record = LoadRecords.any(&random)
      let gap = Int64.random(in: 0...9_000_000_000, using: &random)
      all.note(record)
      all.note(gap: gap, at: record.end)
      all.note(late: gap - 1_000_000_000)
      parts[index % 3].note(record)
      parts[index % 3].note(gap: gap, at: record.end)
      parts[index % 3].note(late: gap - 1_000_000_000)
    }
    var sum = LoadMeter()
    for part in parts { sum.add(part) }
    #expect(sum == all)
    #expect(sum[.gap].percentile(99) == all[.gap].percentile(99))
  }
}
