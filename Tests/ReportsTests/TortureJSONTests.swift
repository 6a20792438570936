import Cassettes
import Judging
import LosslessJSON
import Reports
import Testing

@Suite("The JSON of a run")
struct TortureJSONTests {
  @Test("has the counts and each result, and reads back as it was")
  func roundTrip() throws {
    let report = FakeRun.report(cases: 40)
    let bytes = TortureJSON([report]).bytes
    #expect(try TortureReport(json: bytes) == report)
    let page = try JSONValue(parsing: bytes)
    #expect(page["cases"]?.integer == 40)
    #expect(page["wrong"]?.integer == 20)
    #expect(page["left_out"]?.integer == 4)
    let first = try #require(page["results"]?.elements?[3].members)
    #expect(
      first.prefix(9).map { String(decoding: $0.key, as: UTF8.self) } == [
        "case", "fault", "expect", "verdict", "conduct", "attempts", "exit", "evidence",
        "reproduce",
      ])
    #expect(page["results"]?.elements?[3]["verdict"]?.text == "silent-truncation")
  }

  @Test("has the runs of several clients, which stay apart")
  func several() throws {
    let reports = [FakeRun.report(cases: 3), FakeRun.report(client: "other", cases: 5)]
    let bytes = TortureJSON(reports).bytes
    #expect(try [TortureReport](json: bytes) == reports)
    #expect(throws: ReportError.self) { try TortureReport(json: bytes) }
  }

  @Test("joins marks beyond the limit, and loses no byte")
  func thinned() {
    let marks = (0..<1001).map {
      CaseTimeline.Mark(at: Microseconds(saturating: Int64($0)), bytes: 2)
    }
    let thinned = marks.thinned(to: 100)
    #expect(thinned.count <= 100)
    #expect(thinned.reduce(0) { $0 + $1.bytes } == 2002)
    #expect(thinned.first == .init(at: .zero, bytes: 22))
  }

  @Test(
    "says what is wrong with a text that is no report",
    arguments: [
      ("", "invalid JSON"), ("[1]", "an object with cases and results"),
      (#"{"cases":1,"results":[{}]}"#, "result 1: expected a text as evidence"),
      (
        #"{"cases":1,"results":[{"case":"a","fault":"","expect":"odd\u001b","verdict":"ok","#
          + #""conduct":"ok","evidence":"","reproduce":""}]}"#,
        "result 1: expect is 'odd', which is no such word"
      ),
      (
        #"{"cases":1,"clients":[],"results":[{"client":"x"}]}"#,
        "result 1: no client of that name"
      ),
      (String(repeating: "[", count: 100_000), "invalid JSON"),
    ])
  func refused(text: String, part: String) {
    let error = #expect(throws: ReportError.self) { try TortureReport(json: Array(text.utf8)) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("takes times and counts that cannot be as none")
  func bounded() throws {
    let text =
      #"{"cases":1,"results":[{"case":"a/b","fault":"","expect":"benign","verdict":"ok","#
      + #""conduct":"ok","evidence":"","reproduce":"","attempts":-1,"exit":99999999999,"timeline":"#
      + #"{"end_us":-5,"delivered":[1,2,3,-9,1e9,4,7],"attempts":[{"excerpt":"zz","#
      + #""excerpt_place":99,"planned":[9223372036854775807,1]}]}}]}"#
    let result = try #require(try TortureReport(json: Array(text.utf8)).results.first)
    #expect(result.exit == nil)
    #expect(result.timeline.end == .zero)
    #expect(result.timeline.delivered == [.init(at: Microseconds(saturating: 1), bytes: 2)])
    #expect(result.timeline.lanes.first?.excerptPlace == 0)
    #expect(result.timeline.lanes.first?.planned == [])
  }
}
