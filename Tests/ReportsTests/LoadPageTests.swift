import Loading
import TestSupport
import Testing

@testable import Reports

@Suite("The page of a run of load")
struct LoadPageTests {
  private static let millisecond: Int64 = 1_000_000

  /// A run of that many streams, 50 a second, of 20 events each, in which some go wrong.
  static func report(
    streams: Int, slower: Int64 = 1, late: Int64 = 0, isOpen: Bool = true,
    target: String = "http://127.0.0.1:8080/v1/messages"
  ) -> LoadReport {
    var random = SeededGenerator(1)
    var meter = LoadMeter()
    for number in 0..<streams {
      let due = Int64(number) * 20 * millisecond
      var record = StreamRecord(
        order: StreamOrder(number: number, due: due), scheduled: due,
        dispatched: due + 20_000 + late)
      // In its middle the server stands still for a second.
      let stall = number > streams / 2 && number < streams / 2 + 50
      let wait = stall ? Int64(streams / 2 + 50 - number) * 20 : 0
      let first = due + (80 + wait + .random(in: 0...60, using: &random)) * slower * millisecond
      record.sent = record.dispatched + 30_000
      record.status = number % 97 == 5 ? 529 : 200
      if number % 97 == 5 {
        record.outcome = .status
        record.detail = "status 529"
        record.end = due + 5 * millisecond
      } else {
        record.firstByte = first - 3 * millisecond
        record.firstContent = first
        record.events = 20
        record.contentEvents = 18
        var at = first
        for _ in 1..<20 {
          let gap = (12 + .random(in: 0...25, using: &random)) * slower * millisecond
          at += gap
          record.longestGap = max(record.longestGap, gap)
          meter.note(gap: gap, at: at)
        }
        record.secondContent = first + 20 * millisecond
        record.lastContent = at
        record.end = at + millisecond
        let isCut = number % 61 == 7
        record.outcome = isCut ? .cut : number % 43 == 3 ? .cancelled : .whole
        if isCut { record.detail = "the connection was reset" }
        if record.outcome == .whole { record.verification = number % 150 == 2 ? .lost : .equal }
      }
      meter.note(record)
    }
    for number in 0..<(streams / 100) {
      meter.note(
        notSent: StreamOrder(number: number, due: Int64(number) * millisecond), .tooMany)
    }
    return LoadReport(
      target: target, arrivals: isOpen ? "constant:50/s" : "concurrent:20", seed: 7,
      requestedPerSecond: isOpen ? 50 : nil, isOpen: isOpen,
      took: Int64(streams) * 20 * millisecond, at: "2026-11-29T20:00:00Z", meter: meter,
      processorTime: 900 * millisecond, version: "0.1.0")
  }

  private static let objectives = [
    LoadPage.Objective(text: "ttft.p99<500ms", value: "1023.4ms", isHeld: false),
    LoadPage.Objective(text: "errors<5%", value: "2.7%", isHeld: true),
  ]

  @Test("says what was asked for and achieved, over time, by percentile, and what became of it")
  func whole() {
    let page = LoadPage(Self.report(streams: 600), objectives: Self.objectives).text
    for part in [
      "<h1>http://127.0.0.1:8080/v1/messages</h1>", "<code>constant:50/s</code>",
      "<dt>asked for</dt><dd>50/s</dd>", "<dt>achieved</dt><dd>50",
      "<dt>generator&#39;s delay, p99",
      "<code>ttft.p99&lt;500ms</code>", "not held", "<title>Times by percentile</title>",
      "<title>Time to the first token over the run</title><desc>The median lies between",
      "<title>Gaps between events over the run</title>", "status of 400 or more",
      "the connection was reset", "text is missing", "more streams than --max-in-flight",
      "<th scope=\"row\">529</th>", "gaps between events, pooled", "tapedeck 0.1.0",
    ] { #expect(page.contains(part), "no \(part)") }
    #expect(
      !page.contains("was late") && !page.contains("<script") && !page.contains("before</th>"))
  }

  @Test("is the same for the same run, and not large", arguments: [600, 20_000])
  func same(streams: Int) {
    let report = Self.report(streams: streams)
    let page = LoadPage(report, against: report).bytes
    #expect(page == LoadPage(report, against: report).bytes)
    #expect(page.count < 400_000)
  }

  @Test("says first that the generator was late, and that a closed loop hides pauses")
  func warnings() {
    let late = LoadPage(Self.report(streams: 100, late: 5 * Self.millisecond)).text
    #expect(late.contains("The generator was late: these numbers are not the server&#39;s."))
    let closed = LoadPage(Self.report(streams: 100, isOpen: false)).text
    #expect(closed.contains("coordinated omission") && closed.contains("as fast as it goes"))
  }

  @Test("beside another run it says what is different")
  func against() {
    let page = LoadPage(
      Self.report(streams: 300, slower: 2), against: Self.report(streams: 300)
    ).text
    for part in [
      "compared with http://127.0.0.1:8080/v1/messages", "dashed: the run before",
      "<span class=\"change worse\">+", "The run it is compared with", "before</th>",
    ] { #expect(page.contains(part), "no \(part)") }
    let back = LoadPage(
      Self.report(streams: 300), against: Self.report(streams: 300, slower: 2)
    ).text
    #expect(back.contains("<span class=\"change better\">−"))
  }

  @Test("of a run of nothing, and of one stream")
  func small() {
    #expect(LoadPage(Self.report(streams: 0)).text.contains("No stream had two events."))
    #expect(LoadPage(Self.report(streams: 1)).text.contains("Times by percentile"))
    let page = LoadPage(Self.report(streams: 0), against: Self.report(streams: 9)).text
    #expect(page.contains("not in this run"))
  }

  @Test("lets no text become markup")
  func hostile() {
    let text = "</h1><script>alert(1)</script>\u{202E}'\""
    let objective = LoadPage.Objective(text: text, value: text, isHeld: true)
    let report = Self.report(streams: 10, target: text)
    let page = LoadPage(report, objectives: [objective], against: report).text
    #expect(!page.contains("<script") && !page.contains("\u{202E}"))
  }

  @Test(
    "numbers have three digits, and changes their sign",
    arguments: [
      (0, "0"), (0.125, "0.13"), (9.996, "10"), (49.84, "49.8"), (1234.5, "1,235"),
      (1_234_567, "1,234,567"), (-3.14159, "−3.14"), (.infinity, "–"),
    ])
  func numbers(value: Double, text: String) {
    #expect(LoadFigure.number(value) == text)
  }

  @Test("changes are of the number before")
  func changes() {
    #expect(LoadFigure.change(112, from: 100) == "+12 %")
    #expect(LoadFigure.change(97, from: 100) == "−3 %")
    #expect(LoadFigure.change(100.01, from: 100) == "±0 %")
    #expect(LoadFigure.change(1, from: 0) == "new")
    #expect(LoadFigure.tone(104, from: 100, lessIsBetter: true) == "even")
    #expect(LoadFigure.tone(106, from: 100, lessIsBetter: true) == "worse")
    #expect(LoadFigure.tone(106, from: 100, lessIsBetter: false) == "better")
  }
}
