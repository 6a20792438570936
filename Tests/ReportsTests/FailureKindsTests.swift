import Judging
import Planning
import Reports
import Testing

@Suite("Kinds of failures")
struct FailureKindsTests {
  @Test("has each verdict at each fault once, the most first, and a sentence")
  func kinds() {
    let kinds = FailureKinds(FakeRun.report(cases: 35)).kinds
    #expect(
      kinds.map { "\($0.count) \($0.verdict) \($0.fault)" } == [
        "4 corrupted rechunk", "4 silent-truncation end", "3 hang hang", "3 left-open hang",
        "3 retry-too-soon status", "3 invented body",
      ])
    #expect(
      kinds.first { $0.fault == "end" }?.line
        == "4 cases: takes a part of the answer for the whole when the body ends cleanly before the "
        + "message does")
    #expect(kinds.first { $0.verdict == "left-open" }?.isConduct == true)
  }

  @Test("has none where nothing is wrong, and the example that shows one thing alone")
  func example() {
    var right = FakeRun.result(number: 0)
    #expect(FailureKinds([right]).kinds.isEmpty)
    right.judgement.content = .hang
    var both = right
    both.id = "both"
    both.judgement.conduct = .leftOpen
    let kinds = FailureKinds([both, right]).kinds
    #expect(kinds.map(\.example.id) == [right.id, "both"])
    #expect(kinds.first?.line == "2 cases: does not come to an end when lines end in another way")
  }

  @Test("has words for each fault and each verdict")
  func words() {
    for type in FaultCatalogue.standard.types {
      #expect(FaultWords.clause(of: type.name) != nil, "no words for \(type.name)")
    }
    let verdicts =
      ContentVerdict.allCases.map(\.rawValue) + ConductVerdict.allCases.map(\.rawValue)
    for verdict in verdicts {
      #expect(VerdictWords.clause(of: verdict) != verdict, "no words for \(verdict)")
    }
    #expect(FaultWords.name(of: "status:529,on=1;gzip") == "status")
    #expect(FaultWords.name(of: "reset@event:3") == "reset")
  }
}
