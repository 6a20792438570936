import Cassettes
import Foundation
import Judging
import Reports
import Testing

@Suite("The page of a run")
struct TorturePageTests {
  /// Writes a page where somebody wants to look at it.
  private func keep(_ page: TorturePage, as name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["TAPEDECK_PAGES"] else { return }
    try Data(page.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).html"))
  }

  @Test("has a cell for each case, which leads to it, and each kind of failure once")
  func whole() throws {
    let page = TorturePage([FakeRun.report(cases: 120)])
    try keep(page, as: "torture")
    let text = page.text
    #expect(text.contains("<h1>60 cases are handled wrongly</h1>"))
    for number in 1...120 {
      #expect(text.components(separatedBy: "href=\"#c\(number)\"").count >= 2, "no cell \(number)")
      #expect(text.components(separatedBy: "id=\"c\(number)\"").count == 2, "no case \(number)")
    }
    #expect(text.contains("Takes a part of the answer for the whole when the body ends cleanly"))
    #expect(text.contains("attempt 2 · status 200"))
    #expect(text.contains("retry-after 500 ms · asked again after"))
    #expect(!text.contains("<script"))
  }

  @Test("has the places of a fault in the order of the stream, whatever the order of the run")
  func places() {
    let places = ["in-event-23", "event-45", "head", "event-23", "event-3", "once/event-2"]
    let results = places.map { place in
      var result = FakeRun.result(number: 3)
      result.id = "cut/end/\(place)"
      return result
    }
    let text = TorturePage([TortureReport(client: "x", results: results)]).text
    let found = ["head", "event-3", "event-23", "in-event-23", "event-45", "once/event-2"].map {
      text.range(of: "<i>\($0)</i>")?.lowerBound
    }
    #expect(found == found.sorted { ($0 ?? text.startIndex) < ($1 ?? text.startIndex) })
    #expect(!found.contains(nil))
  }

  @Test("has a row for each client of several")
  func several() throws {
    let page = TorturePage([
      FakeRun.report(cases: 60), FakeRun.report(client: "node client.mjs", cases: 40),
    ])
    try keep(page, as: "merged")
    #expect(page.text.contains("<td class=\"name\">node client.mjs</td>"))
    #expect(page.text.contains("<span class=\"gone\"></span>"))
  }

  @Test("has something to say where nothing is wrong, and where nothing was run")
  func right() throws {
    var report = FakeRun.report(cases: 60)
    report.results.removeAll(where: \.judgement.isWrong)
    let page = TorturePage([report])
    try keep(page, as: "right")
    #expect(page.text.contains("Every case is handled correctly"))
    #expect(!page.text.contains("Wrong cases"))
    #expect(TorturePage([TortureReport(client: "none", results: [])]).text.contains("</html>"))
    #expect(TorturePage([]).text.contains("</html>"))
  }

  @Test("stays below 3 MB with 5,000 cases, whether few or all are wrong")
  func size() throws {
    var report = FakeRun.report(cases: 5_000)
    let page = TorturePage([report])
    try keep(page, as: "large")
    #expect(page.bytes.count < 3_000_000)
    for place in report.results.indices { report.results[place].judgement.content = .hang }
    #expect(TorturePage([report]).bytes.count < 3_000_000)
  }

  @Test(
    "lets no text become markup",
    arguments: [
      "</script><script>alert(1)</script>", "\"onmouseover=\"x", "\u{600}<script>",
      "\"\u{301} onload=x", "\u{202E}gnp.exe", "\u{0}\u{1B}[31m", "<!--", "]]></style>",
      String(repeating: "<b>", count: 350_000),
    ])
  func hostile(text: String) {
    var report = FakeRun.report(client: text, cases: 10)
    for place in report.results.indices {
      report.results[place].id = "cut/\(text)"
      report.results[place].title = text
      report.results[place].fault = text
      report.results[place].clause = text
      report.results[place].cassette = text
      report.results[place].expectation = text
      report.results[place].judgement.contentEvidence = text
      report.results[place].reproduce = text
      report.results[place].timeline.lanes[0].attempt.ended = text
      report.results[place].timeline.lanes[0].excerpt = Array(text.utf8.prefix(64)) + [0xFF, 0]
      report.results[place].timeline.lanes[0].faults = [.init(at: .zero, byte: 3, fault: text)]
    }
    let page = TorturePage([report, report]).text
    #expect(page.utf8.count < 1_000_000)
    let scalars = page.unicodeScalars
    #expect(scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E || $0 == "\n" })
    let bytes = Array(page.utf8)
    for markup in ["<script", "<b>", "<!--", "onmouseover=\"", "]]></style"] {
      let needle = Array(markup.utf8)
      #expect(bytes.firstRange(of: needle) == nil, "\(markup) is markup")
    }
  }

  @Test("draws what happened at impossible and at no times", arguments: [0, 1, 5, 400])
  func extremes(attempts: Int) {
    var result = FakeRun.result(number: 4)
    let late = Microseconds.limit
    result.timeline = CaseTimeline(
      lanes: (0..<attempts).map { number in
        CaseTimeline.Lane(
          attempt: Attempt(
            number: number + 1, asked: late, over: late, stayed: late, retryAfter: late,
            bytes: .max),
          planned: [.init(at: late, bytes: .max), .init(at: late, bytes: .max)],
          faults: (0..<9).map { .init(at: late, byte: .min, fault: "reset@byte:\($0)") },
          excerpt: [0xFF, 0x0A], excerptPlace: 2)
      }, end: late)
    #expect(
      TorturePage([TortureReport(client: "x", results: [result])]).text.contains("ff 0a")
        == (attempts > 0))
    let svg = CasePicture(result).svg
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }
}
