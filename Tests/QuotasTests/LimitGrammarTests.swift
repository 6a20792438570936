import Planning
import Quotas
import Testing

struct LimitGrammarTests {
  @Test(
    "A limit is written back as it was read",
    arguments: [
      "requests=50/m", "input-tokens=40000/m", "output-tokens=8000/h,per=all",
      "requests=1/s,per=session", "requests=1000000000000/d,per=key", "concurrency=20",
      "concurrency=20,queue=100", "concurrency=1,queue=2,per=all,status=503",
      "requests=5/s,status=529,like=azure",
    ])
  func roundTrip(text: String) throws {
    #expect(try ProviderLimit(parsing: text).description == text)
  }

  @Test(
    "What is wrong is named",
    arguments: [
      ("", "''"), ("requests", "'requests' is not NAME=VALUE"), ("requests=50", "'50'"),
      ("requests=0/m", "'0/m'"), ("requests=-1/m", "'-1/m'"), ("requests=5/w", "'5/w'"),
      ("requests=5/m/s", "'5/m/s'"), ("requests=1.5/m", "'1.5/m'"),
      ("requests=1000000000001/m", "1000000000000"),
      ("requests=99999999999999999999/m", "99999999999999999999"),
      ("rpm=5/m", "'rpm' is no limit"), ("concurrency=0", "'0'"), ("concurrency=-1", "'-1'"),
      ("concurrency=1,queue=1000001", "1000000"), ("requests=5/m,queue=3", "'queue'"),
      ("requests=5/m,per=user", "per=user is not one of session, key, all"),
      ("requests=5/m,like=cohere", "like=cohere"), ("requests=5/m,status=200", "'200'"),
      ("requests=5/m,per=all,per=key", "per twice"), ("requests=5/m,", "''"),
      ("concurrency=1,depth=2", "'depth'"), ("requests=５/m", "'５/m'"),
    ])
  func wrong(text: String, words: String) {
    let error = #expect(throws: DirectiveError.self) { try ProviderLimit(parsing: text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(
    "Limits of the same contradict each other",
    arguments: [
      ("requests=5/m", "requests=6/m"), ("concurrency=1", "concurrency=1,queue=5"),
      ("requests=5/m,like=azure", "input-tokens=6/m,like=mistral"),
      ("requests=5/m,per=all", "requests=6/m,per=all,status=503"),
    ])
  func contradictions(one: String, other: String) throws {
    var limits = ProviderLimits()
    try limits.add(ProviderLimit(parsing: one))
    let limit = try ProviderLimit(parsing: other)
    #expect(throws: DirectiveError.self) { try limits.add(limit) }
    #expect(limits.limits.count == 1)
  }

  @Test(
    "Limits of different things go together",
    arguments: [
      ("requests=5/m", "requests=5/s"), ("requests=5/m,per=key", "requests=50/m,per=all"),
      ("requests=5/m", "input-tokens=5/m"), ("concurrency=1,per=key", "concurrency=1,per=all"),
    ])
  func together(one: String, other: String) throws {
    var limits = ProviderLimits()
    try limits.add(ProviderLimit(parsing: one))
    try limits.add(ProviderLimit(parsing: other))
    #expect(limits.limits.count == 2)
  }

  @Test func anOutageLastsFromOneTimeToAnother() throws {
    let outage = try Outage(parsing: "10s..15s=529")
    #expect(outage.nanoseconds == 10_000_000_000..<15_000_000_000)
    #expect(outage.status == 529)
    #expect(try Outage(parsing: "0s..250us").status == nil)
    for text in ["10s", "15s..10s", "10s..10s", "10..15", "10s..15s=200", "..5s", "1s..2s=", ""] {
      #expect(throws: DirectiveError.self) { try Outage(parsing: text) }
    }
    var limits = ProviderLimits()
    try limits.add(outage)
    #expect(throws: DirectiveError.self) { try limits.add(Outage(parsing: "14s..20s")) }
    try limits.add(Outage(parsing: "15s..20s"))
  }

  @Test func aSlowdownIsLinearInTheOtherStreams() throws {
    let slowdown = try Slowdown(parsing: "100")
    #expect(slowdown.stretched(20_000_000, beside: 0) == 20_000_000)
    #expect(slowdown.stretched(20_000_000, beside: 100) == 40_000_000)
    #expect(slowdown.stretched(20_000_000, beside: 250) == 70_000_000)
    #expect(slowdown.stretched(.max, beside: 1) == .max)
    #expect(slowdown.stretched(.max, beside: .max) == .max)
    for text in ["0", "-1", "x", "1.5", ""] {
      #expect(throws: DirectiveError.self) { try Slowdown(parsing: text) }
    }
  }
}
