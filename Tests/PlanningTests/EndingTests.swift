import Cassettes
import HTTP
import Planning
import Testing

@Suite("A recorded ending is re-enacted in its recorded framing")
struct EndingTests {
  @Test(
    "each ending goes out in its framing",
    arguments: [
      ("complete", ResponseHead.Framing.chunked, Plan.Ending.complete, #"3\r\nabc\r\n0\r\n\r\n"#),
      ("complete", .length(3), .complete, #"3\r\nabc\r\n0\r\n\r\n"#),
      ("complete", .eof, .complete, #"3\r\nabc\r\n0\r\n\r\n"#),
      ("complete", .h2, .complete, #"3\r\nabc\r\n0\r\n\r\n"#),
      ("truncated", .chunked, .disconnect, #"3\r\nabc\r\n"#),
      ("truncated", .length(10), .disconnect, "abc"),
      ("truncated", .eof, .disconnect, "abc"),
      ("truncated", .h2, .disconnect, #"3\r\nabc\r\n"#),
      ("reset", .chunked, .reset, #"3\r\nabc\r\n"#),
      ("reset", .length(10), .reset, "abc"),
      ("timeout", .chunked, .hang, #"3\r\nabc\r\n"#),
      ("timeout", .eof, .hang, "abc"),
      ("malformed", .chunked, .disconnect, #"3\r\nabc\r\nzz\r\n"#),
      ("malformed", .h2, .disconnect, #"3\r\nabc\r\nzz\r\n"#),
      ("malformed", .length(10), .disconnect, #"3\r\nabc\r\nzz\r\n"#),
      ("malformed", .eof, .disconnect, #"3\r\nabc\r\nzz\r\n"#),
      ("cancelled", .chunked, .disconnect, #"3\r\nabc\r\n"#),
      ("interrupted", .chunked, .disconnect, #"3\r\nabc\r\n"#),
    ])
  func endings(how: String, framing: ResponseHead.Framing, ending: Plan.Ending, wire: String) throws
  {
    let exchange = PlanText.exchange("head@10 | [abc]@20 | \(how)@30", framing: framing)
    let plan = try Planner().plan(exchange)
    #expect(plan.ending == ending)
    #expect(PlanText.framed(plan) == wire)
    #expect(plan.actions.last?.kind == (ending == .hang ? .send : .finish))
    #expect(plan.actions.last?.at == Microseconds(ending == .hang ? 20 : 30))
    #expect(plan.bodyBytes == 3)
    #expect(
      plan.bodySHA256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("a declared length that a decoded body outgrew still promises more than comes")
  func decodedLength() throws {
    var exchange = PlanText.exchange("head@10 | [abcdef]@20 | truncated@30", framing: .length(4))
    exchange.head?.decoded = "gzip"
    let plan = try Planner().plan(exchange)
    #expect(PlanText.head(plan).contains("content-length: 7"))
  }

  @Test("a declared length may be any number, and more may follow what comes of it")
  func hugeLength() throws {
    let exchange = PlanText.exchange("head@10 | [abc]@20 | truncated@30", framing: .length(.max))
    let trailing = PlanOptions(faults: [try FaultSpec(parsing: "trailing:5B")])
    for options in [PlanOptions(), trailing] {
      let plan = try Planner().plan(exchange, options)
      #expect(PlanText.head(plan).contains("content-length: \(Int64.max)"))
      #expect(plan.expectation(for: exchange).outcome == .breaking)
    }
  }

  @Test(
    "what never had a head has no status",
    arguments: [
      ("unreachable@30", "30 reset", ""), ("timeout@30", "hang", ""),
      ("malformed@30", "30 disconnect", #"zz\r\n"#), ("interrupted@30", "30 disconnect", ""),
    ])
  func headless(line: String, expected: String, wire: String) throws {
    let plan = try Planner().plan(PlanText.exchange(line))
    #expect(plan.status == nil)
    #expect(PlanText.line(plan) == expected)
    #expect(PlanText.framed(plan) == wire)
    #expect(plan.bodyBytes == 0)
  }

  @Test("trailers of a complete body follow the last chunk")
  func trailers() throws {
    var exchange = PlanText.exchange("head@10 | [abc]@20 | complete@30")
    exchange.trailers = Trailers(fields: [HeaderField("x-sum", "é")], at: .zero)
    let plan = try Planner().plan(exchange)
    let last = Array("0\r\nx-sum: ".utf8) + [0xE9] + Array("\r\n\r\n".utf8)
    #expect(Array(plan.wire.suffix(last.count)) == last)
  }

  @Test("HTTP/2, and recordings that we broke ourselves, are noted on the plan")
  func notes() throws {
    let h2 = PlanText.exchange("head@10 | complete@30", framing: .h2)
    #expect(try Planner().plan(h2).notes == ["recorded over HTTP/2, framed as chunked"])
    let eof = PlanText.exchange("head@10 | malformed@30", framing: .eof)
    #expect(try Planner().plan(eof).notes.count == 1)
    for how in ["cancelled", "interrupted"] {
      let plan = try Planner().plan(PlanText.exchange("head@10 | \(how)@30"))
      #expect(plan.notes == ["the recording was \(how): it ends as a disconnect"])
    }
  }
}
