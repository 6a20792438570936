package import Cassettes
internal import HTTP
internal import LosslessJSON

/// HAR 1.2, with the times of chunks (`_chunks`, as chrome-har has them) and of events
/// (`_eventSourceMessages`, as Chrome has them).
package struct HARExport: ExportFormat {
  package let name = "har"
  package let title = "HTTP Archive 1.2, for DevTools and other viewers"
  package let fileExtension = "har"

  /// Creates the format.
  package init() {}

  package func capture(of exchange: Exchange) -> Capture? {
    let request = exchange.request
    var capture = Capture(
      .init(
        method: request.method, url: ExportedText.url(of: request), headers: request.headers,
        body: request.body))
    capture.at = Timestamp.microseconds(rfc3339: request.at)
    if let head = exchange.head {
      capture.status = head.status
      capture.http = head.http
      capture.headers = head.headers
      capture.body = exchange.body
    }
    capture.times = Self.times(of: exchange)
    if let error = ArchivedEntry.error(of: exchange) { HARFailure(error).settle(&capture) }
    return capture
  }

  /// What is known of when the answer came: chunks that have no bytes say nothing.
  private static func times(of exchange: Exchange) -> Capture.Times {
    let head = exchange.head?.at ?? exchange.ending.at
    let end = exchange.ending.at
    guard exchange.body.isEmpty else {
      return .arrivals(exchange.chunks, head: head, end: end)
    }
    let isTimed = exchange.isEventStream ? end > head : end > .zero
    return isTimed ? .span(head: head, end: end) : .unknown
  }

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter { Writer() }

  private struct Writer: ExportWriter {
    /// When the page began, in microseconds since 1970; nil before the first exchange.
    private var pageStart: Int64?

    mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      let at = Timestamp.microseconds(rfc3339: exchange.request.at) ?? 0
      if let pageStart {
        try sink(
          Array(",\n".utf8) + ArchivedEntry(exchange, at: at, pageStart: pageStart).json.bytes)
      } else {
        pageStart = at
        try sink(Self.front(pageStart: at))
        try sink(ArchivedEntry(exchange, at: at, pageStart: at).json.bytes)
      }
    }

    mutating func finish(to sink: ByteSink) throws {
      if pageStart == nil { try sink(Self.front(pageStart: nil)) }
      try sink(Array("\n]}}\n".utf8))
    }

    /// What stands before the entries; `_chunks` count from the start of a page.
    private static func front(pageStart: Int64?) -> [UInt8] {
      let page = pageStart.map { start in
        JSONValue.object([
          .init("startedDateTime", text: Timestamp.rfc3339(microsecondsSince1970: start)),
          .init("id", text: ArchivedEntry.page), .init("title", text: "tapedeck"),
          .init("pageTimings", .object([])),
        ])
      }
      let creator = JSONValue.object([
        .init("name", text: "tapedeck"), .init("version", text: TapedeckVersion.current),
      ])
      let pages = JSONValue.array(page.map { [$0] } ?? [])
      return Array(#"{"log":{"version":"1.2","creator":"#.utf8) + creator.bytes
        + Array(#","pages":"#.utf8) + pages.bytes + Array(",\"entries\":[\n".utf8)
    }
  }
}
