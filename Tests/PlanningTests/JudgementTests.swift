import Cassettes
import Dialects
import HTTP
import Planning
import Testing

@Suite("A recorded answer is judged by what it is, without any fault")
struct JudgementTests {
  static let all =
    Judged.chat + Judged.calls + Judged.kinds + Judged.errors + Judged.anthropic
    + Judged.anthropicEnds + Judged.responses + Judged.gemini + Judged.plain + Judged.heads

  @Test("what show, plan and check say of it", arguments: all)
  func judged(_ judged: Judged) throws {
    let exchange = judged.exchange
    let message = ExchangeMessage(of: exchange)
    let accumulator = message.accumulator
    #expect(String(decoding: accumulator.text, as: UTF8.self) == judged.text)
    #expect(accumulator.stopReason == judged.stop)
    #expect((message.completeness == .complete) == judged.isComplete)
    let expectation = try Planner().plan(exchange).expectation(for: exchange)
    #expect(expectation.outcome == judged.outcome, "\(expectation.why)")
    #expect(String(decoding: expectation.text, as: UTF8.self) == judged.text)
    if let note = judged.note {
      #expect(message.remarks?.contains(note) == true, "\(message.remarks ?? "nothing")")
    } else if judged.isComplete {
      #expect(message.remarks == nil)
    }
  }

  @Test("what show calls not whole is breaking, and text read as it comes is the same text")
  func agreement() throws {
    for judged in Self.all {
      let exchange = judged.exchange
      let message = ExchangeMessage(of: exchange)
      if message.completeness != .complete { #expect(judged.outcome == .breaking) }
      var reader = TextReader(of: exchange)
      var text: [UInt8] = []
      for byte in exchange.body { text += reader.text(of: [byte]) }
      text += reader.rest
      if judged.name != "choices out of order" {
        #expect(String(decoding: text, as: UTF8.self) == judged.text, "\(judged.name)")
      }
    }
  }

  @Test("plan reads no more than show of a body whose coding nobody undid")
  func undecoded() throws {
    var exchange = Judged.chat[0].exchange
    exchange.head?.headers.append(HeaderField("content-encoding", "gzip"))
    let message = ExchangeMessage(of: exchange)
    let expectation = try Planner().plan(exchange).expectation(for: exchange)
    #expect(message.completeness != .complete && expectation.outcome == .breaking)
    #expect(message.accumulator.text.isEmpty && expectation.text.isEmpty)
    #expect(message.accumulator.message == nil && expectation.message == nil)
  }

  @Test("a fault that needs an event is an error where it was asked for by name")
  func demanded() throws {
    let exchange = Judged.inOnePiece.exchange
    for fault in ["reset@event:1", "disconnect@type:done", "drop", "stall:1s@random:event"] {
      let spec = try FaultSpec(parsing: fault)
      let plan = try Planner().plan(exchange, PlanOptions(faults: [spec]))
      #expect(plan.firedFaults.isEmpty)
      #expect(plan.notes.contains { $0.contains("did not fire") })
      #expect(throws: DirectiveError.self) {
        try Planner().plan(exchange, PlanOptions(faults: [spec], demandsFaults: true))
      }
    }
    let possible = try FaultSpec(parsing: "reset@byte:3")
    let plan = try Planner().plan(exchange, PlanOptions(faults: [possible], demandsFaults: true))
    #expect(plan.firedFaults.count == 1)
  }
}
