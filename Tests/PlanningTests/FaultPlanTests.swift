import Cassettes
import Planning
import Testing

@Suite("Each fault makes of a recording what the contract says")
struct FaultPlanTests {
  static let recording = PlanText.exchange(
    #"head@10 | [data: {}\n\nda]@20 | [ta: [1]\n\n]@30 | complete@40"#)

  private func plan(_ exchange: Exchange, _ faults: [String]) throws -> Plan {
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    return try Planner().plan(exchange, PlanOptions(faults: specs, session: "t1"))
  }

  @Test("a fault alone", arguments: FaultPlanRow.single)
  func single(row: FaultPlanRow) throws {
    let plan = try plan(PlanText.exchange(row.recording), row.faults)
    #expect(PlanText.line(plan) == row.plan)
  }

  @Test("faults together", arguments: FaultPlanRow.together)
  func together(row: FaultPlanRow) throws {
    let plan = try plan(PlanText.exchange(row.recording), row.faults)
    #expect(PlanText.line(plan) == row.plan)
  }

  /// What shows on the wire and not in the plan's line: a part of it, for each such fault.
  static let onTheWire = [
    ("header:x-a=b", "\r\nx-a: b\r\n"),
    ("interim", "HTTP/1.1 100 Continue\r\n"),
    ("framing:eof", "\r\n\r\ndata: {}\n\ndata: [1]\n\n"),
    ("framing:length", "\r\ncontent-length: 21\r\n"),
    ("framing:length-short", "\r\ncontent-length: 22\r\n"),
    ("bad-chunk@event:2", "a\r\ndata: {}\n\n\r\nzz\r\n"),
    ("gzip", "\r\ncontent-encoding: gzip\r\n"),
    ("status:429,retry-after=1.5s", "\r\nretry-after-ms: 1500\r\nretry-after: 2\r\n"),
    ("status:429", #""type":"rate_limit_error","message":"tapedeck: status 429"}"#),
    ("body:html", "<!doctype html><title>tapedeck</title><p>This is no stream.</p>\n"),
  ]

  @Test("a fault shows on the wire", arguments: onTheWire)
  func wire(fault: String, part: String) throws {
    let wire = try plan(Self.recording, [fault]).wire
    #expect(PlanText.escaped(wire).contains(PlanText.escaped(Array(part.utf8))))
    let unfaulted = try plan(Self.recording, []).wire
    #expect(!PlanText.escaped(unfaulted).contains(PlanText.escaped(Array(part.utf8))))
  }

  @Test("a disconnect makes a whole HTTP chunk of what comes, or with mid-chunk breaks its promise")
  func midChunk() throws {
    let whole = try plan(Self.recording, ["disconnect@event:2"])
    #expect(PlanText.framed(whole) == #"a\r\ndata: {}\n\n\r\n"#)
    let broken = try plan(Self.recording, ["disconnect@event:2,mid-chunk"])
    #expect(PlanText.framed(broken) == #"c\r\ndata: {}\n\n"#)
  }

  @Test("gzip changes the bytes and no time")
  func gzip() throws {
    let times = try plan(Self.recording, ["gzip"]).actions.map(\.at.count)
    #expect(times == [10, 20, 30, 40])
  }

  @Test("every fault of the catalogue has a row")
  func catalogue() {
    let rows = FaultPlanRow.single.flatMap(\.faults) + Self.onTheWire.map(\.0)
    let named = Set(rows.map { String($0.prefix { !":@,".contains($0) }) })
    #expect(named == Set(FaultCatalogue.standard.types.map { $0.name }))
  }

  @Test(
    "what cannot apply is an error that says why",
    arguments: [
      ("reset@event:3", "2 events"), ("reset@byte:22", "21 bytes"),
      ("reset@time:31us", "last chunk"), ("drop@type:nonesuch", "nonesuch"),
      ("drop@end", "no event holds the byte"), ("swap@event:2", "no event 3"),
      ("drop-terminal", "drop-terminal"), ("no-space@end", "no event holds the byte"),
      ("end@head", "head"), ("bad-chunk@head", "head"), ("drop@head", "head"),
      ("trickle@head", "head"), ("bom@event:1", "takes no place"),
      ("disconnect@head,mid-chunk", "place in the body"),
      ("header:x-a=日", "is not a header field"),
      ("header:x-a=a%0D%0Ax-b: c", "is not a header field"),
    ])
  func cannotApply(fault: String, reason: String) {
    let error = #expect(throws: DirectiveError.self) { try plan(Self.recording, [fault]) }
    #expect(error?.reason.contains(reason) == true)
  }

  @Test(
    "a fault on one event must find something to do there, over the whole stream it need not",
    arguments: ["split-data", "no-space"])
  func nothingToDo(name: String) throws {
    let plain = PlanText.exchange(#"head@10 | [data:x\n\n]@20 | complete@30"#)
    #expect(throws: DirectiveError.self) { try plan(plain, ["\(name)@event:1"]) }
    #expect(PlanText.line(try plan(plain, [name])) == PlanText.line(try plan(plain, [])))
  }

  @Test("[DONE] is no JSON array, so it is not split")
  func done() throws {
    let chat = PlanText.exchange(#"head@10 | [data: [DONE]\n\n]@20 | complete@30"#)
    #expect(PlanText.line(try plan(chat, ["split-data"])) == PlanText.line(try plan(chat, [])))
  }

  @Test("changed data keeps the spelling of its lines")
  func spelling() throws {
    let exchange = PlanText.exchange(
      #"head@10 | [data:ab\r\nid: 1\ndata: cd\n\n]@20 | complete@30"#)
    let expected = [
      "bad-json": #"data:{ab\r\nid: 1\ndata: cd\n\n"#, "cut-json": #"data:ab\r\nid: 1\n\n"#,
      "bad-utf8": "data:ab\u{FFFD}" + #"\r\nid: 1\ndata: cd\n\n"#,
      "empty-data": #"data: \r\nid: 1\n\n"#,
    ]
    for (fault, text) in expected {
      #expect(PlanText.line(try plan(exchange, [fault])) == #"10 head, 20 "\#(text)", 30 complete"#)
    }
  }

  @Test(
    "faults that contradict each other are an error that names both",
    arguments: [
      ["status", "body:html"], ["status", "drop"], ["framing:eof", "framing:length"],
      ["reset", "disconnect"], ["error@event:1", "reset@event:2"],
      ["framing:length", "bad-chunk"], ["reset@event:1", "drop@event:2"],
      ["end@event:1", "trailing"], ["reset@head", "header:-x-a"],
      ["fields@event:2", "end@event:2"], ["linger", "hang"],
    ])
  func contradictions(faults: [String]) throws {
    for faults in [faults, faults.reversed()] {
      let error = #expect(throws: DirectiveError.self) { try plan(Self.recording, faults) }
      for fault in faults { #expect(error?.reason.contains(fault) == true) }
    }
  }

  @Test("on what is no event stream, places by event and type do not fire, and a note says so")
  func noEventStream() throws {
    let json = PlanText.exchange(
      "head@10 | [{}]@20 | complete@30", type: "application/json")
    for fault in ["reset@event:1", "drop", "end@type:x", "comment@byte:1"] {
      let plan = try plan(json, [fault])
      #expect(PlanText.line(plan) == #"10 head, 20 "{}", 30 complete"#)
      #expect(plan.notes.contains { $0.contains(fault) })
      #expect(plan.faults.isEmpty)
    }
  }
}
