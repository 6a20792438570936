import Cassettes
import HTTP
import Planning
import Testing

@Suite("What an answer tells about trying again")
struct RetryAdviceTests {
  @Test(
    "a wait is read as clients read it",
    arguments: [
      (["retry-after: 2"], 2_000_000), (["retry-after: 0"], 0),
      (["retry-after: 0.5"], 500_000), (["Retry-After: 2", "Retry-After-Ms: 1500"], 1_500_000),
      (["retry-after: 2", "retry-after-ms: soon"], 2_000_000),
      (["retry-after: Sun, 22 Nov 2026 11:00:10 GMT"], 10_000_000),
      (["retry-after: Sun, 22 Nov 2026 10:00:00 GMT"], 0),
    ] as [([String], Int64)])
  func wait(fields: [String], microseconds: Int64) {
    let now = Timestamp.microseconds(rfc3339: "2026-11-22T11:00:00Z") ?? 0
    #expect(advice(fields).wait(at: now)?.count == microseconds)
  }

  @Test(
    "what is no wait is none",
    arguments: ["", "-1", "nan", "inf", "1e30", "soon", "Sun, 22 Foo 2026 11:00:10 GMT"])
  func noWait(value: String) {
    #expect(advice(["retry-after: \(value)"]).wait(at: 0) == nil)
  }

  @Test("x-should-retry is one of two words", arguments: [("true", true), ("False", false)])
  func shouldRetry(value: String, says: Bool) {
    #expect(advice(["x-should-retry: \(value)"]).shouldRetry == says)
    #expect(advice(["x-should-retry: \(value)ish"]).shouldRetry == nil)
  }

  @Test("a plan has the advice of its head")
  func plan() throws {
    let exchange = PlanText.exchange("head@10 | [data: a\\n\\n]@20 | complete@30")
    let fault = try FaultSpec(parsing: "status:529,retry-after=1.5s")
    let plan = try Planner().plan(exchange, PlanOptions(faults: [fault]))
    #expect(plan.advice.wait?.count == 1_500_000)
  }

  private func advice(_ lines: [String]) -> RetryAdvice {
    RetryAdvice(
      lines.map { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        return HeaderField(String(parts[0]), String(value))
      })
  }
}

@Suite("The times in a head that depend on when it goes out")
struct WireTimeTests {
  private func plan(_ faults: String...) throws -> Plan {
    var exchange = PlanText.exchange("head@10 | [data: a\\n\\n]@20 | complete@30")
    exchange.request.url = "https://api.example.com/v1/messages"
    return try Planner().plan(
      exchange, PlanOptions(faults: try faults.map { try FaultSpec(parsing: $0) }))
  }

  @Test("each reset is one, as far behind the answer as the head is late and the wait is long")
  func places() throws {
    let plan = try plan("status:429,retry-after=1.5s")
    #expect(plan.times.count == 4)
    for time in plan.times {
      #expect(String(decoding: plan.wire[time.range], as: UTF8.self) == "2026-11-22T11:00:02Z")
      #expect(time.after.count == 1_500_010)
    }
  }

  @Test("a field that was set to something else is not one")
  func overwritten() throws {
    let field = "header:anthropic-ratelimit-requests-reset=2030-01-01T00%3A00%3A00Z"
    #expect(try plan("status:429", field).times.count == 3)
    #expect(try plan("status:529").times.isEmpty)
    #expect(try plan().times.isEmpty)
  }
}
