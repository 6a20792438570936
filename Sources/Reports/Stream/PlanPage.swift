package import Cassettes
package import Planning

/// The page of what a replay would do: the recording above, the plan below, on one time axis.
package struct PlanPage: Sendable {
  private let name: String
  private var sections: [String] = []
  private var leftOut = 0

  /// Creates a page without any plan.
  ///
  /// - Parameter name: The cassette's name.
  package init(name: String) { self.name = name }

  /// Adds the plan of an exchange, or counts it where the page is full.
  package mutating func add(_ plan: Plan, of exchange: Exchange, number: Int) {
    guard sections.count < StreamPage.exchangeLimit else {
      leftOut += 1
      return
    }
    sections.append(Self.section(plan, exchange, number: number))
  }

  /// The page's bytes.
  package var bytes: [UInt8] {
    var fields = PageFields()
    fields.set("name", text: name)
    fields.set("isPlan", flag: true)
    fields.set("sections", markup: sections.joined())
    if leftOut > 0 {
      fields.set("note", text: "\(leftOut) more plans are not drawn: choose one with --exchange N.")
    }
    fields.set("footer", text: "tapedeck \(TapedeckVersion.current)")
    let content = PageTemplate.part("streams", fields)
    return Array(PageTemplate.page(title: "\(name), planned", content: content).utf8)
  }

  private static func section(_ plan: Plan, _ exchange: Exchange, number: Int) -> String {
    let expected = plan.expectation(for: exchange)
    let recorded = StreamTrace(exchange)
    let planned = StreamTrace(plan, of: exchange, outcome: expected.outcome)
    var fields = PageFields()
    fields.set("number", text: "\(number)")
    fields.set(
      "faults", text: plan.faults.isEmpty ? "none" : plan.faults.joined(separator: "; "))
    fields.set("outcome", text: expected.outcome.rawValue)
    fields.set("why", text: expected.why)
    fields.set("mark", markup: mark(of: expected.outcome))
    fields.set(
      "picture", markup: picture(recorded, planned, title: "exchange \(number), planned"))
    fields.set("facts", list: facts(recorded, planned, plan))
    fields.set(
      "notes",
      list: plan.notes.prefix(20).map { note in
        var fields = PageFields()
        fields.set("note", text: note)
        return fields
      })
    let text = String(decoding: expected.text.prefix(20_000), as: UTF8.self)
    if !text.isEmpty { fields.set("text", lines: text, limit: 20_000) }
    return PageTemplate.part("plan", fields)
  }

  private static func mark(of outcome: Plan.Expectation.Outcome) -> String {
    switch outcome {
    case .benign: "<span class=\"mark r\" aria-hidden=\"true\">✓</span>"
    case .breaking: "<span class=\"mark w\" aria-hidden=\"true\">✕</span>"
    case .undetectable: "<span class=\"mark n\" aria-hidden=\"true\">?</span>"
    }
  }

  private static func picture(
    _ recorded: StreamTrace, _ planned: StreamTrace, title: String
  ) -> String {
    let scale = TimeScale(
      recorded.times + planned.times, left: StreamLanes.left, right: StreamLanes.right,
      shortensWaits: true)
    var below = Drawing()
    below.text("The recording", x: StreamLanes.left, y: 42, style: "strong")
    var lanes = StreamLanes(trace: recorded, scale: scale)
    var y = lanes.drawArrivals(in: &below, y: 48)
    y = lanes.drawEvents(in: &below, y: y) + 22
    below.text("The plan", x: StreamLanes.left, y: y, style: "strong")
    lanes = StreamLanes(trace: planned, scale: scale)
    let top = y + 8
    y = lanes.drawArrivals(in: &below, y: y + 6)
    y = lanes.drawEvents(in: &below, y: y)
    y = lanes.drawFaults(in: &below, top: top, y: y)
    var drawing = Drawing()
    scale.draw(in: &drawing, y: 22, bottom: y)
    drawing.append(below)
    return drawing.svg(width: StreamLanes.width, height: y + 6, title: title)
  }

  private static func facts(
    _ recorded: StreamTrace, _ planned: StreamTrace, _ plan: Plan
  ) -> [PageFields] {
    let pairs = [
      ("status", recorded.status.map { "\($0)" } ?? "", planned.status.map { "\($0)" } ?? "none"),
      ("duration", recorded.end.short, planned.end.short),
      ("bytes", "\(recorded.bytes)", "\(planned.bytes)"),
      ("events", "\(recorded.events.count)", "\(planned.events.count)"),
      ("ended", recorded.ended, planned.ended),
    ]
    let fixed =
      [("attempt", "\(plan.attempt)")] + (plan.seed == 0 ? [] : [("seed", "\(plan.seed)")])
    let all = pairs.map { ($0, $1 == $2 ? $1 : "\($1) → \($2)") } + fixed
    return all.map { name, value in
      var fields = PageFields()
      fields.set("name", text: name)
      fields.set("value", text: value)
      return fields
    }
  }
}
