import Cassettes
import Planning
import Testing

@Suite("The fault grammar is whole")
struct FaultSpecTests {
  @Test(
    "a fault is written back as name:args@place,keys",
    arguments: [
      ("reset@event:12,on=1", "reset@event:12,on=1"),
      ("reset,on=1@event:12", "reset@event:12,on=1"),
      ("status:529,retry-after=1.5s,type=x,on=1-2", "status:529,retry-after=1.5s,type=x,on=1-2"),
      ("stall:5s@head", "stall:5s@head"), ("stall:5s,burst@frac:0.25", "stall:5s@frac:0.25,burst"),
      ("disconnect,mid-chunk@in:event:3", "disconnect@in:event:3,mid-chunk"),
      ("drop@type:content_block_delta:2", "drop@type:content_block_delta:2"),
      ("drop@type:delta", "drop@type:delta"), ("reset@after:byte:100", "reset@after:byte:100"),
      ("hang@time:1.5s,on=3-", "hang@time:1500000us,on=3-"),
      ("ping@random:event", "ping@random:event"),
      ("end@end", "end@end"), ("reset@random", "reset@random"), ("header:-x", "header:-x"),
      ("chaos:0.5,from=status+reset", "chaos:0.5,from=status+reset"), ("x,on=1-", "x"),
      ("error:größe@type:日", "error:gr%C3%B6%C3%9Fe@type:%E6%97%A5"),
    ])
  func writtenBack(text: String, expected: String) throws {
    let spec = try FaultSpec(parsing: text)
    #expect(spec.description == expected)
    #expect(try FaultSpec(parsing: spec.description) == spec)
  }

  @Test(
    "what is no fault is refused",
    arguments: [
      "", "@head", "reset@", "reset@x", "reset@event", "reset@event:0", "reset@event:x", "a@b@c",
      "reset@in:byte:5", "reset@in:end", "reset@in:time:5s", "reset@in:frac:0.5", "reset@in:random",
      "reset@frac:1.5", "reset@frac:x", "reset,on=0", "reset,on=2-1", "reset,on=", "reset,on",
      "reset,on=1,on=2", "reset,a,a", "re set", "reset,=x", "reset@type:", "reset@event:1:2",
    ])
  func refused(text: String) {
    #expect(throws: DirectiveError.self) { try FaultSpec(parsing: text) }
  }

  @Test("attempts are one, a range, or from one on")
  func attempts() throws {
    let range = try FaultSpec(parsing: "x,on=2-3").attempts
    #expect([1, 2, 3, 4].filter(range.contains) == [2, 3])
    let open = try FaultSpec(parsing: "x,on=3-").attempts
    #expect([1, 2, 3, 4, 1_000_000].filter(open.contains) == [3, 4, 1_000_000])
  }

  @Test("attempts and requests of a session both have to be the ones that were asked for")
  func requests() throws {
    let spec = try FaultSpec(parsing: "x,nth=2-3,on=1")
    #expect("\(spec)" == "x,on=1,nth=2-3")
    #expect((1...4).filter { spec.fires(onAttempt: 1, request: $0) } == [2, 3])
    #expect(!spec.fires(onAttempt: 2, request: 2))
    #expect(try FaultSpec(parsing: "x").fires(onAttempt: 9, request: 9))
  }
}

@Suite("Faults are types of their own, and the planner asks nothing else of them")
struct FaultProtocolTests {
  /// Sends everything later.
  struct Late: Fault {
    static let name = "late"
    static let kind = FaultKind.time
    static let layer = FaultLayer.message
    static let takes = FaultPlace.Taking.nothing
    static let usage = "late"
    static let summary = "Sends everything later."
    static let example = "late"
    init(_ arguments: inout FaultArguments) throws(DirectiveError) {}

    func apply(
      to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
    ) throws(DirectiveError) {
      draft.delay(from: 0) { $0 + Microseconds(saturating: 1000) }
    }
  }

  static let catalogue = FaultCatalogue(types: FaultCatalogue.standard.types + [Late.self])
  static let exchange = PlanText.exchange("head@10 | [abc]@20 | [def]@30 | complete@40")

  private func line(_ faults: String..., attempt: Int = 1) throws -> String {
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    let options = PlanOptions(faults: specs, attempt: attempt)
    return PlanText.line(try Planner(catalogue: Self.catalogue).plan(Self.exchange, options))
  }

  @Test("faults apply in the order of their kinds, however they were written")
  func order() throws {
    let expected = #"10 head, 1020 "abc", 1030 "d", 1030 disconnect"#
    #expect(try line("disconnect@byte:5", "late") == expected)
    #expect(try line("late", "disconnect@byte:5") == expected)
  }

  @Test("a fault fires on its attempts only, and the plan says which fired")
  func attempts() throws {
    #expect(try line("late,on=2") == #"10 head, 20 "abc", 30 "def", 40 complete"#)
    #expect(try line("late,on=2", attempt: 2) == #"10 head, 1020 "abc", 1030 "def", 1040 complete"#)
    let options = PlanOptions(faults: [try FaultSpec(parsing: "late,on=2")], attempt: 2)
    #expect(
      try Planner(catalogue: Self.catalogue).plan(Self.exchange, options).faults == ["late,on=2"])
  }

  @Test("an unknown fault is an error that names it, on every attempt")
  func unknown() throws {
    let error = #expect(throws: DirectiveError.self) { try line("nonesuch,on=5") }
    #expect(error?.reason.contains("'nonesuch'") == true)
    #expect(throws: DirectiveError.self) { try line("disconnect@byte:9") }
  }

  @Test("attempts that a fault with nth= answers are those that were such requests")
  func answeredRequests() throws {
    let specs = try ["status,nth=2", "status,on=1"].map { try FaultSpec(parsing: $0) }
    let counts = (1...4).map {
      Self.catalogue.answeredAttempts(before: $0, by: specs, requests: [1, 2, 5])
    }
    #expect(counts == [0, 1, 2, 2])
  }

  @Test(
    "attempts that a fault answers use up no candidate",
    arguments: [
      (["status:529,on=1-2"], [0, 1, 2, 2]), (["body:html,on=2"], [0, 0, 1, 1]),
      (["late"], [0, 0, 0, 0]), (["status"], [0, 1, 2, 3]),
      (["status,on=1", "status,on=1-3"], [0, 1, 2, 3]),
      (["status,on=1-3", "status,on=1", "body,on=2"], [0, 1, 2, 3]),
      (["status,on=4-"], [0, 0, 0, 0]), (["reset"], [0, 0, 0, 0]),
    ])
  func answered(faults: [String], expected: [Int]) throws {
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    let counts = (1...4).map { Self.catalogue.answeredAttempts(before: $0, by: specs) }
    #expect(counts == expected)
  }
}

@Suite("Chance depends on what is planned and on nothing else")
struct ChanceTests {
  @Test("a draw is the first 8 bytes of SHA-256 over SEED|SESSION|EXCHANGE-ID|ATTEMPT|LABEL")
  func draw() {
    let chance = Chance(seed: 0, session: "t1", exchangeID: "9f2c41d07ab35e66", attempt: 2)
    // printf '0|t1|9f2c41d07ab35e66|2|chaos' | sha256sum
    #expect(String(chance.draw("chaos"), radix: 16) == "be09c83ddf7b75b")
  }
}
