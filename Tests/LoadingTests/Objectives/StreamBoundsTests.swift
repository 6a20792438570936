import Planning
import Testing

@testable import Loading

struct StreamBoundsTests {
  @Test(arguments: [
    ("ttft<101ms", true), ("ttft<100ms", false), ("ttft<=100ms", true), ("ttfb<=90ms", true),
    ("second<=120ms", true), ("second<120ms", false), ("stream<=305ms", true),
    ("stream<305ms", false), ("gap_mean<=20ms", true), ("gap_mean<20ms", false),
    ("longest_gap<20ms", false), ("tpot<=20ms", true), ("tpot<20ms", false),
    ("ttft_sent<=99ms", true), ("ttft<500ms,tpot<1ms", false), ("ttft<500ms, tpot<=20ms", true),
    ("late<1ms", true),
  ])
  func aStreamIsJudgedByItsOwnTimes(text: String, holds: Bool) throws {
    #expect(try StreamBounds(parsing: [text]).holds(LoadRecords.whole()) == holds)
  }

  @Test func tokensOfTheUsageCountBeforeEvents() throws {
    var record = LoadRecords.whole()
    record.outputTokens = 101
    #expect(try StreamBounds(parsing: ["tpot<=2ms"]).holds(record))
    #expect(try !StreamBounds(parsing: ["gap_mean<=2ms"]).holds(record))
  }

  @Test(arguments: StreamOutcome.allCases)
  func onlyAWholeStreamIsGoodput(outcome: StreamOutcome) {
    var record = LoadRecords.whole()
    record.outcome = outcome
    #expect(StreamBounds().holds(record) == (outcome == .whole))
  }

  @Test func aStreamWithoutATokenIsNoGoodOneAndOneWithoutAGapIs() throws {
    var record = LoadRecords.whole(events: 1)
    #expect(
      try StreamBounds(parsing: ["ttft<1s,tpot<1ms,gap_mean<1ms,longest_gap<1ms,second<1ms"])
        .holds(record))
    record.firstContent = nil
    #expect(StreamBounds().holds(record))
    #expect(try !StreamBounds(parsing: ["ttft<1s"]).holds(record))
  }

  @Test(arguments: [
    (["ttft.p99<500ms"], "ttft<500ms"), (["ttft.p50<300ms", "ttft.p99<500ms"], "ttft<500ms"),
    (["ttft.p99<0.5s", "ttft.p50<300ms"], "ttft<0.5s"),
    (["ttft.p99<500ms", "ttft.max<=500ms"], "ttft<=500ms"), (["gap.p99<80ms"], "gap_mean<80ms"),
    (["longest_gap.max<1s", "tpot.mean<50ms"], "longest_gap<1s,tpot<50ms"),
    (["ttft.p50>10ms", "errors<1%", "goodput>1/s", "dispatch.p99<1ms", "broken.p99<1s"], ""),
  ])
  func theLoosestObjectiveOfAMetricBoundsEachStream(texts: [String], bounds: String) throws {
    #expect(try "\(Objectives(parsing: texts).bounds)" == bounds)
  }

  @Test func whatIsSaidToBeGoodputStandsAlone() throws {
    let objectives = try Objectives(parsing: ["ttft.p99<500ms"], goodput: ["tpot<50ms"])
    #expect("\(objectives.bounds)" == "tpot<50ms")
  }

  @Test func aMeterCountsWhatHoldsItsBounds() throws {
    var meter = LoadMeter(bounds: try StreamBounds(parsing: ["ttft<100ms"]))
    meter.note(LoadRecords.whole())
    var fast = LoadRecords.whole(1)
    fast.firstContent = 99 * LoadRecords.millisecond
    meter.note(fast)
    #expect(meter.good == 1)
  }

  @Test(arguments: [
    ("ttft:200", "'ttft:200' has no <, <=, > or >=: write a bound like ttft<500ms"),
    ("ttft<200", "'200' is not a duration"),
    ("gap<80ms", "'gap' is no time of one stream; did you mean 'gap_mean'?"),
    ("itl<80ms", "did you mean 'gap_mean'?"), ("e2el<9s", "did you mean 'stream'?"),
    ("dispatch<1ms", "'dispatch' is no time of one stream"),
    ("ttft>200ms", "'ttft>200ms' wants a stream to be slow: write ttft<200ms"),
    ("ttft<1s,ttft<2s", "'ttft' is bounded twice"),
  ])
  func whatIsNoBoundIsRefused(text: String, message: String) {
    let error = #expect(throws: DirectiveError.self) { try StreamBounds(parsing: [text]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
