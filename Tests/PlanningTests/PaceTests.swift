import Cassettes
import Planning
import Testing

@Suite("Paces decide when things are sent")
struct PaceTests {
  static let recording = PlanText.exchange(
    #"head@400 | [data: a\n\nda]@1000 | [ta: b\n\n]@1501 | [: tail]@1600 | complete@2001"#)

  @Test(
    "each pace gives the recorded bytes their times",
    arguments: [
      (
        "recorded",
        #"400 head, 1000 "data: a\n\nda", 1501 "ta: b\n\n", 1600 ": tail", 2001 complete"#
      ),
      ("2x", #"200 head, 500 "data: a\n\nda", 750 "ta: b\n\n", 800 ": tail", 1000 complete"#),
      ("0.5x", #"800 head, 2000 "data: a\n\nda", 3002 "ta: b\n\n", 3200 ": tail", 4002 complete"#),
      ("1.5x", #"266 head, 666 "data: a\n\nda", 1000 "ta: b\n\n", 1066 ": tail", 1334 complete"#),
      ("instant", #"0 head, 0 "data: a\n\nda", 0 "ta: b\n\n", 0 ": tail", 0 complete"#),
      ("gap:20ms", #"0 head, 20000 "data: a\n\n", 40000 "data: b\n\n: tail", 40000 complete"#),
      (
        "ttft:300ms,rate:50/s",
        #"0 head, 300000 "data: a\n\n", 320000 "data: b\n\n: tail", 320000 complete"#
      ),
      (
        "ttft:1ms,rate:3%2Fs",
        #"0 head, 1000 "data: a\n\n", 334333 "data: b\n\n: tail", 334333 complete"#
      ),
    ])
  func paces(text: String, expected: String) throws {
    let plan = try Planner().plan(Self.recording, PlanOptions(pace: Pace(parsing: text)))
    #expect(PlanText.line(plan) == expected)
  }

  @Test("an idle time limit caps every interval, the one before the head too, before the speed")
  func idleTimeLimit() throws {
    let options = PlanOptions(pace: try Pace(parsing: "2x"), idleTimeLimit: Microseconds(300))
    let plan = try Planner().plan(Self.recording, options)
    #expect(
      PlanText.line(plan)
        == #"150 head, 300 "data: a\n\nda", 450 "ta: b\n\n", 499 ": tail", 649 complete"#)
  }

  @Test("what is no event stream keeps its body in one piece at the head's time")
  func noEvents() throws {
    let exchange = PlanText.exchange(
      #"head@400 | [{"a":]@500 | [1}]@600 | complete@700"#, type: "application/json")
    for pace in ["gap:20ms", "ttft:300ms,rate:50/s"] {
      let plan = try Planner().plan(exchange, PlanOptions(pace: Pace(parsing: pace)))
      #expect(PlanText.line(plan) == #"0 head, 0 "{"a":1}", 0 complete"#)
    }
  }

  @Test("chunks of no bytes are left out, and an event ends behind the LF of its CR LF")
  func emptyChunks() throws {
    let exchange = PlanText.exchange(
      #"head@0 | []@5 | [data: a\r\n\r]@10 | [\ndata: b\r\n\r\n]@20 | []@25 | complete@30"#)
    #expect(
      PlanText.line(try Planner().plan(exchange))
        == #"0 head, 10 "data: a\r\n\r", 20 "\ndata: b\r\n\r\n", 30 complete"#)
    let paced = try Planner().plan(exchange, PlanOptions(pace: Pace(parsing: "gap:1us")))
    #expect(
      PlanText.line(paced) == #"0 head, 1 "data: a\r\n\r\n", 2 "data: b\r\n\r\n", 2 complete"#)
  }

  @Test("jitter sways each gap by its own draw, by no more than it says, and never reorders")
  func jitter() throws {
    let body = String(repeating: #"data: x\n\n"#, count: 200)
    let exchange = PlanText.exchange("head@0 | [\(body)]@10 | complete@20")
    let pace = try Pace(parsing: "gap:10ms,jitter:20%")
    let plan = try Planner().plan(exchange, PlanOptions(pace: pace, seed: 7))
    let times = plan.actions.dropFirst().dropLast().map(\.at.count)
    let gaps = zip(times, [0] + times).map { $0 - $1 }
    #expect(gaps.allSatisfy { (8_000...12_000).contains($0) })
    #expect(Set(gaps).count > 150)
    let chance = Chance(seed: 7, session: "", exchangeID: exchange.request.id, attempt: 1)
    let sway = Int64(chance.draw("jitter:1") % 2_000_001) - 1_000_000
    #expect(gaps[0] == 10_000 * (100_000_000 + 20 * sway) / 100_000_000)
    #expect(try Planner().plan(exchange, PlanOptions(pace: pace, seed: 7)).actions == plan.actions)
    #expect(try Planner().plan(exchange, PlanOptions(pace: pace, seed: 8)).actions != plan.actions)
  }

  @Test(
    "what is no pace is refused with a sentence",
    arguments: [
      "", "fast", "0x", "-1x", "x", "gap", "gap:20", "gap:20ms,", "gap:-1ms", "gap:1.5us",
      "ttft:1ms",
      "rate:50/s", "ttft:1ms,rate:0/s", "ttft:1ms,rate:50", "instant,jitter:101%",
      "instant,jitter:20", "2x,2x", "1e3x", "9999999999x",
    ])
  func refused(text: String) {
    #expect(throws: DirectiveError.self) { try Pace(parsing: text) }
  }

  @Test(
    "a pace is written back in a form that parses to it",
    arguments: [
      "recorded", "2x", "0.25x", "instant", "gap:20ms", "ttft:300ms,rate:50/s",
      "ttft:1.5s,rate:0.5%2Fs,jitter:12.5%25",
    ])
  func writtenBack(text: String) throws {
    let pace = try Pace(parsing: text)
    #expect(try Pace(parsing: pace.description) == pace)
  }

  @Test("times at the limit do not overflow")
  func extremes() throws {
    let exchange = PlanText.exchange(
      "head@1000000000000000 | [data: a]@1000000000000000 | complete@1000000000000000")
    for pace in ["0.000000001x", "999999999x", "gap:999999999s", "recorded,jitter:100%"] {
      let plan = try Planner().plan(exchange, PlanOptions(pace: try Pace(parsing: pace)))
      #expect(plan.actions.allSatisfy { $0.at <= .limit })
    }
  }
}
