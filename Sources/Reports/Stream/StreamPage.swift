package import Cassettes
internal import Dialects
internal import Planning

/// The page of a cassette's streams: of each the numbers, the picture, the text and the events.
package struct StreamPage: Sendable {
  /// The most exchanges that are on a page.
  package static let exchangeLimit = 100

  private static let textLimit = 20_000

  private let name: String
  private var sections: [String] = []
  private var leftOut = 0

  /// Creates a page without any stream.
  ///
  /// - Parameter name: The cassette's name.
  package init(name: String) { self.name = name }

  /// Adds an exchange, or counts it where the page is full.
  package mutating func add(_ exchange: Exchange, number: Int) {
    guard sections.count < Self.exchangeLimit else {
      leftOut += 1
      return
    }
    sections.append(Self.section(exchange, number: number))
  }

  /// The page's bytes.
  package var bytes: [UInt8] {
    var fields = PageFields()
    fields.set("name", text: name)
    fields.set("sections", markup: sections.joined())
    if leftOut > 0 {
      fields.set(
        "note", text: "\(leftOut) more exchanges are not drawn: choose one with --exchange N.")
    }
    fields.set("footer", text: "tapedeck \(TapedeckVersion.current)")
    let content = PageTemplate.part("streams", fields)
    return Array(PageTemplate.page(title: name, content: content).utf8)
  }

  private static func section(_ exchange: Exchange, number: Int) -> String {
    let trace = StreamTrace(exchange)
    let message = ExchangeMessage(of: exchange)
    let request = exchange.request
    var fields = PageFields()
    fields.set("number", text: "\(number)")
    fields.set("request", text: "\(request.method) \(request.url ?? request.target)", limit: 300)
    fields.set("at", text: request.at, limit: 40)
    fields.set("facts", list: facts(trace, StreamFacts(trace)))
    fields.set(
      "picture", markup: StreamPicture(trace, title: "exchange \(number)").svg())
    if let reason = message.completeness.reason { fields.set("why", text: reason) }
    if let detail = exchange.ending.detail { fields.set("detail", text: detail) }
    let text = String(decoding: trace.text.prefix(textLimit), as: UTF8.self)
    if !text.isEmpty { fields.set("text", lines: text, limit: textLimit) }
    fields.set("hasEvents", flag: !trace.events.isEmpty)
    fields.set("eventSummary", text: summary(of: trace))
    fields.set("events", list: rows(of: trace))
    return PageTemplate.part("stream", fields)
  }

  private static func facts(_ trace: StreamTrace, _ facts: StreamFacts) -> [PageFields] {
    let gap = { (time: Microseconds?) in time?.short ?? "none" }
    let all = [
      ("status", trace.status.map { "\($0)" } ?? "no head"),
      ("first byte", gap(facts.firstByte)), ("duration", trace.end.short),
      ("gap p50", gap(facts.gap(percentile: 50))), ("gap p99", gap(facts.gap(percentile: 99))),
      ("longest gap", gap(facts.longest)),
      ("events", "\(trace.events.count)"),
      ("events per second", facts.eventsPerSecond.map { "\($0)" } ?? "none"),
      ("arrivals", "\(trace.arrivals.count)"), ("bytes", "\(trace.bytes)"),
      ("dialect", trace.dialect), ("ended", trace.ended),
    ]
    return all.map { name, value in
      var fields = PageFields()
      fields.set("name", text: name)
      fields.set("value", text: value)
      return fields
    }
  }

  private static func summary(of trace: StreamTrace) -> String {
    let count = trace.events.count
    return count > StreamTrace.rowLimit
      ? "\(count) events, the first \(StreamTrace.rowLimit)" : "\(count) events"
  }

  private static func rows(of trace: StreamTrace) -> [PageFields] {
    var before: Microseconds?
    return trace.events.prefix(StreamTrace.rowLimit).enumerated().map { index, event in
      var fields = PageFields()
      fields.set("number", text: "\(index + 1)")
      fields.set("at", text: event.at.short)
      fields.set("gap", text: before.map { "+\((event.at - $0).short)" } ?? "")
      fields.set("type", text: event.name, limit: 60)
      fields.set("bytes", text: "\(event.bytes)")
      fields.set("data", text: trace.data[index], limit: 200)
      before = event.at
      return fields
    }
  }
}
