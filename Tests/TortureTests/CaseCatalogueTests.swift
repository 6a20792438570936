import Cassettes
import Judging
import Planning
import TestSupport
import Testing
import Torture

@Suite("The catalogue makes cases of a recording")
struct CaseCatalogueTests {
  private static let known = CaseCatalogue(readTimeout: Microseconds(saturating: 600_000))

  /// The cases of all cassettes, made once.
  private static let made = Dictionary(
    uniqueKeysWithValues: Recordings.shipped.map { name in
      let exchanges = (try? Recordings.exchanges(of: name)) ?? []
      let cases = exchanges.enumerated().flatMap { index, exchange in
        known.cases(of: exchange, cassette: name, number: index + 1)
      }
      return (name, cases)
    })

  private static func cases(of name: String) throws -> [TortureCase] {
    try #require(made[name])
  }

  @Test("each id stands for one case of an exchange", arguments: Recordings.shipped)
  func ids(name: String) throws {
    let exchanges = Dictionary(grouping: try Self.cases(of: name), by: \.exchange)
    #expect(exchanges.count == (name == "anthropic-overloaded-then-text" ? 2 : 1))
    for cases in exchanges.values {
      #expect(Set(cases.map(\.id)).count == cases.count)
      #expect(cases.first?.id == "parse/plain")
      for torture in cases {
        #expect(!torture.title.contains("{") && !torture.title.isEmpty, "\(torture.id)")
        #expect(!torture.fault.contains("{") && !torture.fault.contains("@*"), "\(torture.id)")
        #expect(!torture.clause.isEmpty && torture.expectation.hasSuffix("."), "\(torture.id)")
        #expect(torture.id.split(separator: "/").count >= 2)
      }
    }
  }

  @Test("every fault has a case but chaos, which draws one of the others")
  func faults() throws {
    let cases = try Self.cases(of: "anthropic-multibyte")
    let used = Set(cases.flatMap { $0.faults.map(\.name) })
    let all = Set(
      FaultManual(on: try Recordings.exchanges(of: "anthropic-text")[0]).pages.map(\.name))
    #expect(all.subtracting(used) == ["chaos"])
    let families = Set(cases.map(\.family))
    #expect(families == ["parse", "cut", "end", "error", "time", "retry", "answer"])
  }

  @Test("the directive of each case parses back to it, and fires", arguments: Recordings.shipped)
  func fires(name: String) throws {
    let exchanges = try Recordings.exchanges(of: name)
    for torture in try Self.cases(of: name) {
      let written = torture.fault.split(separator: ";").map(String.init)
      #expect(try written.map { try FaultSpec(parsing: $0) } == torture.faults)
      let options = PlanOptions(pace: torture.pace, faults: torture.faults, demandsFaults: true)
      let plan = try Planner().plan(exchanges[torture.exchange - 1], options)
      #expect(plan.firedFaults.isEmpty == torture.faults.isEmpty, "\(torture.id)")
    }
  }

  @Test(
    "what is written in another way is benign, and what is cut is not",
    arguments: ["anthropic-text", "anthropic-multibyte", "anthropic-tool-use", "openai-chat"])
  func outcomes(name: String) throws {
    for torture in try Self.cases(of: name) {
      let step = try #require(torture.expected.steps.first)
      switch torture.family {
      case "parse" where torture.id != "parse/gzip":
        #expect(step.outcome == .benign, "\(torture.id): \(step.why)")
        #expect(step.text == torture.expected.whole)
        #expect(step.finish != nil)
      case "cut", "end":
        #expect(step.outcome == .breaking, "\(torture.id): \(step.why)")
      case "answer", "retry": #expect(step.outcome == .breaking, "\(torture.id)")
      case "error": #expect(step.outcome != .benign, "\(torture.id): a client may refuse it")
      default: #expect(torture.expected.whole.starts(with: step.text))
      }
    }
  }

  @Test("a fault that fires once has two steps, the second of which is whole")
  func once() throws {
    let cases = try Self.cases(of: "anthropic-text")
    let once = try #require(cases.first { $0.id == "retry/status-529/once" })
    #expect(once.expected.steps.map(\.outcome) == [.breaking, .benign])
    #expect(once.expectation.contains("tries again"))
    let always = try #require(cases.first { $0.id == "retry/status-529/always" })
    #expect(always.expected.steps.map(\.outcome) == [.breaking])
    let fatal = try #require(cases.first { $0.id == "answer/status-400" })
    #expect(fatal.expectation == "A right client reports the failure and does not try again.")
  }

  @Test(
    "the title says in words where it happens",
    arguments: [
      ("cut/disconnect/event-23", "The connection drops in the middle of the text"),
      ("cut/disconnect/event-45", "The connection drops just before the last event"),
      ("cut/reset/head", "The connection is reset before the answer's head"),
      ("error/drop/event-4", "The first piece of the text is left out"),
      ("parse/rechunk/1", "Every byte comes alone"),
    ])
  func titles(id: String, title: String) throws {
    let found = try Self.cases(of: "anthropic-text").first { $0.id == id }
    #expect(found?.title == title)
  }

  @Test("the first multibyte characters are cut at each of their bytes")
  func characters() throws {
    let cases = try Self.cases(of: "anthropic-multibyte")
    let inside = cases.filter { $0.title == "The connection drops inside a multibyte character" }
    #expect(inside.count >= 2)
    #expect(inside.allSatisfy { $0.id.hasPrefix("cut/disconnect/byte-") })
  }

  @Test("each part of a tool call has its places")
  func toolCalls() throws {
    let titles = Set(try Self.cases(of: "anthropic-tool-use").map(\.title))
    #expect(titles.contains("The connection drops just before the start of a tool call"))
    #expect(
      titles.contains(
        "The connection drops just before the first piece of a tool call's arguments"))
    #expect(titles.contains("The connection drops just before the end of a tool call"))
  }

  @Test("with all places, a cut has every byte, and every name that it had before")
  func allPlaces() throws {
    let exchange = Recordings.small
    let few = CaseCatalogue().cases(of: exchange, cassette: "a", number: 1)
    let all = CaseCatalogue(places: .all).outlines(
      of: CaseRecording(exchange, cassette: "a", number: 1))
    let ids = Set(all.map(\.id))
    #expect(ids.count == all.count)
    #expect(ids.isSuperset(of: few.map(\.id)))
    for kind in ["cut/disconnect", "cut/reset", "cut/end", "cut/bad-chunk", "time/hang"] {
      let delivered = try all.filter { $0.kind == kind }.map { outline in
        let faults = try #require(outline.faults)
        return try Planner().plan(exchange, PlanOptions(pace: .instant, faults: faults)).bodyBytes
      }
      #expect(Set(0..<exchange.body.count).isSubset(of: delivered), "\(kind)")
    }
    #expect(all.count { $0.kind == "time/stall" } == exchange.body.count + 1)
    #expect(all.count { $0.kind == "error/drop" } == 5)
  }

  @Test("pauses follow the read timeout: well below it, or beyond it")
  func timing() throws {
    let exchange = try Recordings.exchanges(of: "anthropic-text")[0]
    let recording = CaseRecording(exchange, cassette: "a", number: 1)
    let unknown = CaseCatalogue().outlines(of: recording)
    #expect(!unknown.contains { $0.id.hasPrefix("time/stall/long/") })
    let known = try Self.cases(of: "anthropic-text")
    let short = try #require(known.first { $0.id == "time/stall/event-23" })
    #expect(short.fault == "stall:200000us@event:23")
    #expect(short.expect == .benign)
    #expect(short.takes.count == 200_000)
    let long = try #require(known.first { $0.id == "time/stall/long/event-23" })
    #expect(long.fault == "stall:900000us@event:23")
    #expect(long.expect == .breaking)
    #expect(long.expected.steps[0].text == long.expected.whole)
    let hang = try #require(known.first { $0.id == "time/hang/event-23" })
    #expect(hang.isEndless)
    #expect(
      Set(unknown.map(\.id)).isSubset(of: Self.known.outlines(of: recording).map(\.id)))
  }

  @Test("a recording that is broken gives cases that a right client does not take for whole")
  func broken() throws {
    let cases = try Self.cases(of: "anthropic-cut")
    #expect(cases.count > 20)
    #expect(cases.first?.expect == .breaking)
    #expect(cases.filter { $0.family == "parse" }.allSatisfy { $0.expect == .breaking })
  }

  @Test("an exchange that is an error of the API gives the plain case alone")
  func errorAnswer() throws {
    let cases = try Self.cases(of: "anthropic-overloaded-then-text")
    #expect(cases.filter { $0.exchange == 1 }.map(\.id) == ["parse/plain"])
    #expect(cases.count { $0.exchange == 2 } > 100)
  }

  @Test(
    "what is no event stream gives the cases that apply",
    arguments: [
      (
        "/api/chat", "application/x-ndjson",
        #"{"message":{"content":"a"}}"# + "\n" + #"{"done":true}"#
      ),
      ("/v1/messages", "application/json", #"{"type":"message","content":[]}"#),
      (
        "/model/x/invoke-with-response-stream", "application/vnd.amazon.eventstream", "\0\0\0\u{10}"
      ),
    ])
  func otherFormats(target: String, type: String, body: String) {
    let exchange = Recordings.exchange(target, body: Array(body.utf8), type: type)
    let cases = CaseCatalogue().cases(of: exchange, cassette: "a", number: 1)
    let ids = Set(cases.map(\.id))
    #expect(ids.isSuperset(of: ["parse/plain", "cut/disconnect/byte-1", "cut/reset/head"]))
    #expect(!ids.contains { $0.hasPrefix("error/") || $0.contains("event-") })
  }

  @Test("no recording makes it trap", arguments: UInt64(0)..<24)
  func hostile(seed: UInt64) {
    var generator = SeededGenerator(seed)
    let alphabet = Array("\n\n\r:{}[]\"data: event: é😀\u{0}".utf8) + [0xff, 0xc3, 0xe2]
    let body = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
      alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
    }
    var exchange = Recordings.exchange(
      body: body, type: seed % 3 == 0 ? "application/json" : "text/event-stream",
      status: seed % 7 == 0 ? 503 : 200, how: seed % 5 == 0 ? .truncated : .complete)
    if seed % 11 == 0 { exchange.head = nil }
    let cases = CaseCatalogue(places: .all).cases(of: exchange, cassette: "a", number: 1)
    #expect(Set(cases.map(\.id)).count == cases.count)
  }

  @Test(
    "a time scale of no sense makes no pause of no sense",
    arguments: [0, -1, .nan, .infinity, 1e300])
  func scales(scale: Double) {
    let timing = CaseTiming(readTimeout: .limit, scale: scale)
    #expect(timing.short.count >= 1 && timing.short.count <= 3_600_000_000)
    #expect(timing.retryAfter.count >= 1)
  }
}
