import Judging
import Reports
import Testing

@Suite("A run as JUnit's XML and as Markdown")
struct TextFormatTests {
  @Test("has a suite for each family, and a failure for each wrong case")
  func junit() {
    let text = JUnitXML([FakeRun.report(cases: 10)]).text
    #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "))
    #expect(
      text.contains(#"<testsuites name="tapedeck torture" tests="10" failures="5" errors="0""#))
    #expect(text.contains(#"<testsuite name="cut" tests="3" failures="1" errors="0" skipped="0""#))
    #expect(text.contains(#"<testcase name="cut/end/event-1" classname="cut/end" time="0."#))
    #expect(
      text.contains(#"<failure type="silent-truncation" message="silent-truncation: It printed"#))
    #expect(
      text.contains("reproduce: tapedeck torture cassettes/anthropic-text.tape --case &#39;3&#39;"))
  }

  @Test("has an error for what is not the client's, and skips what nobody can tell")
  func notJudged() {
    var report = FakeRun.report(cases: 2)
    report.results[0].judgement.content = .harnessError
    report.results[1].judgement.content = .unknown
    let text = JUnitXML([report]).text
    #expect(text.contains(#"tests="2" failures="0" errors="1" skipped="1""#))
    #expect(text.contains("<error type=\"harness-error\""))
    #expect(text.contains("<skipped message="))
  }

  @Test("lets no text become markup", arguments: ["</failure>", "]]>", "\u{0}\u{1B}", "\"><a>"])
  func hostile(text: String) {
    var report = FakeRun.report(client: text, cases: 10)
    for place in report.results.indices {
      report.results[place].judgement.contentEvidence = text
      report.results[place].title = text
    }
    let xml = JUnitXML([report, report]).text
    #expect(xml.contains("</failure></failure>") == false)
    #expect(xml.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    #expect(xml.contains("<a>") == false)
  }

  @Test("has a matrix, and each kind of failure once with its command")
  func markdown() {
    let text = TortureMarkdown([FakeRun.report(cases: 100)]).text
    #expect(
      text.contains("## `python client.py`\n\n**50 of 100** cases are handled wrongly. 4 were"))
    #expect(text.contains("| family | ok | recovered | reported | silent-truncation | corrupted |"))
    #expect(text.contains("| cut |  | 10 | 10 | 10 |"))
    #expect(
      text.contains("### silent-truncation: 10 cases: takes a part of the answer for the whole"))
    #expect(text.split(separator: "```sh\n").count == 7)
  }

  @Test("lets no text of a client become Markdown")
  func hostileMarkdown() {
    var report = FakeRun.report(client: "a `b`` c\nd", cases: 10)
    for place in report.results.indices {
      report.results[place].judgement.contentEvidence = "<b>|\n# no"
      report.results[place].reproduce = "echo ```"
    }
    let text = TortureMarkdown([report]).text
    #expect(text.contains("## ``` a `b`` c d ```"))
    #expect(text.contains(##"&lt;b&gt;\| \# no"##))
    #expect(text.contains("````sh\necho ```\n````"))
  }
}
