import Planning
import TestSupport
import Testing

@testable import Loading

struct ObjectiveTests {
  /// A run of streams at 10 a second, of which some had other outcomes.
  private func summary(
    _ outcomes: [StreamOutcome], notSent: Int = 0, bounds: StreamBounds = StreamBounds()
  ) -> LoadSummary {
    var meter = LoadMeter(bounds: bounds)
    for (number, outcome) in outcomes.enumerated() {
      var record = LoadRecords.whole(number, due: Int64(number) * 100)
      record.outcome = outcome
      meter.note(record)
      meter.note(gap: Int64(number + 1) * LoadRecords.millisecond, at: record.end)
    }
    for number in 0..<notSent {
      meter.note(notSent: StreamOrder(number: number, due: 0), .tooMany)
    }
    return LoadSummary(
      LoadReport(
        target: "t", arrivals: "constant:10/s", seed: 0, requestedPerSecond: 20, isOpen: true,
        took: 10_000_000_000, at: "", meter: meter))
  }

  private func outcomes(_ whole: Int, _ others: [StreamOutcome: Int] = [:]) -> [StreamOutcome] {
    [StreamOutcome](repeating: .whole, count: whole)
      + StreamOutcome.allCases.flatMap { [StreamOutcome](repeating: $0, count: others[$0] ?? 0) }
  }

  @Test(arguments: [
    ("ttft.p99<500ms", "100ms", true), ("ttft.p99<100ms", "100ms", false),
    ("ttft.max<=100ms", "100ms", true), ("ttft.max<100ms", "100ms", false),
    ("ttft.p50>=0.1s", "0.1s", true), ("ttft.mean>2m", "0.002m", false),
    ("gap.max<=100000us", "100000us", true), ("second.max<=120ms", "120ms", true),
    ("stream.max<=305ms", "305ms", true), ("tpot.max<=20ms", "20ms", true),
    ("gap_mean.max<=20ms", "20ms", true), ("longest_gap.max<=20ms", "20ms", true),
    ("dispatch.p999<=0us", "0us", true), ("ttfb.p99.9<91ms", "90ms", true),
    ("ttfb_sent.max<=89ms", "89ms", true), ("late.p99<1s", "nothing was measured", false),
    ("errors<=7%", "7%", true), ("errors<7%", "7%", false), ("errors<=7", "7", true),
    ("cut<=3", "3", true), ("cut<3%", "3%", false), ("status<=4%", "4%", true),
    ("refused<=0", "0", true), ("timeout<1%", "0%", true), ("whole>=93%", "93%", true),
    ("cancelled<=20%", "20%", true), ("not_sent<=20%", "20%", true), ("not_sent<=0", "25", false),
    ("streams>=100", "100", true), ("goodput>=93%", "93%", true), ("achieved>1/s", "10/s", true),
    ("achieved>=95%", "50%", false), ("events>=100/s", "110/s", true),
    ("goodput>45/s", "9.3/s", false),
  ])
  func aRunIsHeldAgainstAnObjective(text: String, value: String, held: Bool) throws {
    var outcomes = outcomes(93, [.cut: 3, .status: 4])
    // Those that left count apart; shares of errors do not know them.
    if text.hasPrefix("cancelled") || text.hasPrefix("not_sent") {
      outcomes = self.outcomes(80, [.cancelled: 20])
    }
    let notSent = text.hasPrefix("not_sent") ? 25 : 0
    let result = try Objective(parsing: text).result(of: summary(outcomes, notSent: notSent))
    #expect(result.held == held, "\(result)")
    #expect(result.valueText == value)
  }

  @Test func nothingThatBrokeHeldTheBoundOnHowLongThatTook() throws {
    let result = try Objective(parsing: "broken.p99<1s").result(of: summary([.whole]))
    #expect(result.held)
    #expect(result.value == nil)
  }

  @Test func noStreamAtAllHoldsNoShare() throws {
    for text in ["errors<1%", "ttft.p99<1s", "goodput>=0%", "whole>=0%"] {
      #expect(try !Objective(parsing: text).result(of: summary([])).held)
    }
  }

  @Test func aLineSaysWhatWasHeld() throws {
    let objectives = try Objectives(parsing: ["ttft.p99 < 500ms, errors<1%", "cut>=1"])
    let lines = objectives.results(of: summary([.whole])).map(\.description)
    #expect(
      lines == [
        "held  ttft.p99<500ms  100ms", "held  errors<1%  0%", "not held  cut>=1  0",
      ])
  }

  @Test func everySubjectIsWrittenAsItIsRead() throws {
    let latencies = LoadMetric.allCases.flatMap { metric in
      LatencyStatistic.allCases.map { ObjectiveSubject.latency(metric, $0) }
    }
    for subject in latencies + ObjectiveSubject.plain {
      for unit in subject.units {
        for relation in Relation.allCases {
          let text = "\(subject.name)\(relation.rawValue)\(unit.example)"
          #expect(try "\(Objective(parsing: text))" == text)
        }
      }
    }
  }

  @Test(arguments: [
    ("ttft.p99", "'ttft.p99' has no <, <=, > or >=: write an objective like ttft.p99<500ms"),
    ("", "'' has no <"),
    ("ttft<500ms", "'ttft' names no statistic: write ttft.p99, or another of p50, p90"),
    ("ttft.p98<500ms", "'ttft.p98' names no statistic"),
    ("itl.p99<80ms", "'itl.p99' is nothing that is measured; did you mean 'gap.p99'?"),
    ("e2e<80ms", "did you mean 'stream.p99'?"),
    ("tfft.p50<80ms", "did you mean 'ttft.p50'?"),
    ("goodputs>1/s", "did you mean 'goodput'?"),
    ("ttft.p99<500", "'500' is not a limit of ttft.p99: write ttft.p99<500ms or ttft.p99<500us"),
    ("ttft.p99<-5ms", "'-5ms' is not a limit"),
    ("ttft.p99=<5ms", "'ttft.p99=' names no statistic"),
    ("ttft.p99<=", "'' is not a limit of ttft.p99"),
    ("errors<1/s", "'1/s' is not a limit of errors: write errors<1% or errors<0"),
    ("goodput>45", "'45' is not a limit of goodput: write goodput>45/s or goodput>1%"),
  ])
  func whatIsNoObjectiveIsRefusedInOneLine(text: String, message: String) {
    let error = #expect(throws: DirectiveError.self) { try Objectives(parsing: [text]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func noTextTrapsTheParsers() {
    var chance = SeededGenerator(11)
    let pieces = [
      "ttft", "gap", ".", "p99", "p99.9", "<", ">", "=", "<=", "500", "ms", "s", "/s", "%", ",",
      "errors", "goodput", " ", "\t", "é", "\u{301}", "999999999.999999999", "-",
    ]
    let run = summary([.whole])
    for _ in 0..<4_000 {
      let count = Int.random(in: 0...8, using: &chance)
      let text = (0..<count).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
      if let read = try? Objective(parsing: text) {
        #expect((try? Objective(parsing: "\(read)")) == read, "\(text)")
        #expect(!read.result(of: run).valueText.isEmpty)
      }
      if let read = try? StreamBounds(parsing: [text]) {
        #expect((try? StreamBounds(parsing: ["\(read)"])) == read, "\(text)")
      }
    }
  }
}
