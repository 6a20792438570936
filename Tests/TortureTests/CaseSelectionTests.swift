import Cassettes
import Judging
import Planning
import Testing
import Torture

@Suite("Cases are chosen by patterns and classes")
struct CaseSelectionTests {
  private static func recording(_ name: String) throws -> CaseRecording {
    CaseRecording(try Recordings.exchanges(of: name)[0], cassette: name, number: 1)
  }

  @Test(
    "a pattern matches ids, with or without the cassette, and what is below it",
    arguments: [
      ("cut/*", true), ("*", true), ("*/event-12", true), ("cut/disconnect/event-12", true),
      ("cut", true), ("cut/", true), ("cut/disconnect", true), ("cut/disc", false),
      ("cut/disconnect/event-1", false), ("cut/disconnect/event-1?", true),
      ("cut/d*t/event-*", true), ("c*c*c*1*", true), ("parse/*", false), ("", false),
      ("a/b/cut/disconnect", true), ("a/*", true), ("b/*", false), ("?", false), ("**12**", true),
    ])
  func globs(pattern: String, matches: Bool) {
    #expect(CaseGlob(pattern).matches("cut/disconnect/event-12", cassette: "a/b") == matches)
  }

  @Test("a pattern of many stars needs no more than its length times that of an id")
  func stars() {
    let pattern = CaseGlob(String(repeating: "*a", count: 2000) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 4000), cassette: ""))
  }

  @Test("patterns and classes choose together")
  func chooses() throws {
    let selection = CaseSelection(
      only: [CaseGlob("error/*")], excluding: [CaseGlob("*/event-4")], classes: [.undetectable])
    let cases = try CaseCatalogue().cases(
      of: [Self.recording("anthropic-text")], choosing: selection)
    #expect(!cases.isEmpty)
    #expect(cases.allSatisfy { $0.family == "error" && $0.expect == .undetectable })
    #expect(!cases.contains { $0.id.hasSuffix("/event-4") })
  }

  @Test("a pattern that matches nothing is told what is near")
  func nearest() throws {
    let selection = CaseSelection(only: [CaseGlob("cut/*"), CaseGlob("parse/newline/clrf")])
    let error = #expect(throws: CaseSelectionError.self) {
      try CaseCatalogue().cases(of: [Self.recording("anthropic-text")], choosing: selection)
    }
    let text = try #require(error).description
    #expect(text.hasPrefix("no case matches 'parse/newline/clrf'; the nearest are "))
    #expect(text.contains("parse/newline/crlf"))
  }

  @Test("patterns that leave nothing are an error")
  func nothing() throws {
    let selection = CaseSelection(only: [CaseGlob("parse")], classes: [.undetectable])
    #expect(throws: CaseSelectionError.nothingLeft) {
      try CaseCatalogue().cases(of: [Self.recording("anthropic-text")], choosing: selection)
    }
  }

  @Test("every beginning of the order is spread over families and faults")
  func spread() throws {
    let cases = try CaseCatalogue().cases(
      of: [
        CaseRecording(Recordings.small, cassette: "a", number: 1),
        CaseRecording(Recordings.small, cassette: "b", number: 1),
      ], choosing: CaseSelection())
    let order = CaseOrder(seed: 7).spread(cases)
    #expect(Set(order) == Set(cases) && order.count == cases.count)
    #expect(order.prefix(2).allSatisfy { $0.id == "parse/plain" })
    #expect(Set(order.dropFirst(2).prefix(7).map(\.family)).count == 7)
    let faults = order.filter { $0.family == "error" }.prefix(8)
    #expect(Set(faults.map { $0.faults[0].name }).count == 8)
    #expect(CaseOrder(seed: 7).spread(cases) == order)
    #expect(CaseOrder(seed: 7).spread(cases.reversed()).dropFirst(2) == order.dropFirst(2))
    #expect(CaseOrder(seed: 8).spread(cases) != order)
  }
}
