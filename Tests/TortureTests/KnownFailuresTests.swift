import Cassettes
import Judging
import Planning
import Testing

@testable import Torture

@Suite("Known failures")
struct KnownFailuresTests {
  static func result(
    _ id: String, _ content: ContentVerdict, _ conduct: ConductVerdict = .ok
  ) -> CaseResult {
    CaseResult(
      id: id, title: "", fault: "", clause: "", cassette: "text", exchange: 1, expect: .breaking,
      expectation: "",
      judgement: Judgement(content: content, contentEvidence: "", conduct: conduct),
      attempts: 1, exit: 0, reproduce: "")
  }

  static let yaml = """
    # What the SDK does not do yet.
    - case: cut/end/*
      verdict: silent-truncation
      why: it does not look for the terminal event
    - {case: "retry/*", verdict: retry-storm, why: 'no pauses: "fixed" later'}
    """

  @Test("are read from YAML and from JSON")
  func parsed() throws {
    let known = try KnownFailures(parsing: Array(Self.yaml.utf8))
    #expect(known.entries.map(\.cases.pattern) == ["cut/end/*", "retry/*"])
    #expect(known.entries.map(\.verdict) == ["silent-truncation", "retry-storm"])
    #expect(known.entries[1].why == "no pauses: \"fixed\" later")
    #expect(known.entries.map(\.line) == [2, 5])
    let json = #"[{"case":"cut/end/*","verdict":"silent-truncation","why":"x"}]"#
    #expect(try KnownFailures(parsing: Array(json.utf8)).entries.count == 1)
    #expect(try KnownFailures(parsing: Array("# nothing\n".utf8)).entries.isEmpty)
  }

  @Test(
    "say what is wrong with their file, and where",
    arguments: [
      ("- case: a\n  verdict: hang\n", "line 1: 'why' is missing"),
      ("- case: a\n  verdict: ok\n  why: b", "line 1: 'ok' is no verdict of a failure"),
      ("- case: a\n  verdict: hang\n  because: b", "'because' is not known"),
      ("case: a", "expected a list"), ("- [a]", "line 1: expected a list"),
      ("- case: [a", "line 2: the file ends inside a value"),
      ("- *a", "line 1: expected an anchor"),
      ("- case: &x a\n  verdict: hang\n  because: *x", "'because' is not known"),
      ("[]\n---\n[]", "line 3: expected a list"),
      ("- case: a\n  case: b", "'case' is given twice"), ("[1]", "expected a list"),
    ])
  func flaws(text: String, expected: String) {
    #expect {
      try KnownFailures(parsing: Array(text.utf8))
    } throws: { error in
      "\(error)".contains(expected)
    }
  }

  @Test("excuse what they name, and nothing else")
  func excused() throws {
    let known = try KnownFailures(parsing: Array(Self.yaml.utf8))
    #expect(known.isKnown(Self.result("cut/end/event-3", .silentTruncation)))
    #expect(!known.isKnown(Self.result("cut/end/event-3", .hang)))
    #expect(!known.isKnown(Self.result("cut/reset/event-3", .silentTruncation)))
    #expect(!known.isKnown(Self.result("cut/end/event-3", .silentTruncation, .retryStorm)))
  }

  @Test("are stale once none of their cases fails any more")
  func stale() throws {
    let known = try KnownFailures(parsing: Array(Self.yaml.utf8))
    let results = [
      Self.result("cut/end/event-3", .reported), Self.result("cut/end/event-4", .reported),
    ]
    #expect(known.stale(after: results).map(\.cases.pattern) == ["cut/end/*"])
    #expect(known.unused(after: results).map(\.cases.pattern) == ["retry/*"])
    #expect(
      known.stale(after: results + [Self.result("cut/end/event-5", .silentTruncation)]).isEmpty)
  }
}
