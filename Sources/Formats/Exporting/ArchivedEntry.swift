internal import Cassettes
internal import EventStream
internal import HTTP
internal import LosslessJSON

/// One entry of an HTTP Archive.
struct ArchivedEntry {
  /// The page of all entries.
  static let page = "page_1"

  private let exchange: Exchange
  /// When it was asked, in microseconds since 1970.
  private let at: Int64
  private let pageStart: Int64

  init(_ exchange: Exchange, at: Int64, pageStart: Int64) {
    self.exchange = exchange
    self.at = at
    self.pageStart = pageStart
  }

  /// The entry.
  var json: JSONValue {
    let headAt = exchange.head?.at ?? exchange.ending.at
    var members: [JSONValue.Member] = [
      .init("pageref", text: Self.page),
      .init("startedDateTime", text: Timestamp.rfc3339(microsecondsSince1970: at)),
      .init("time", ExportedText.milliseconds(exchange.ending.at)),
      .init("request", request), .init("response", response), .init("cache", .object([])),
      .init(
        "timings",
        .object([
          .init("blocked", .number(-1)), .init("dns", .number(-1)), .init("connect", .number(-1)),
          .init("ssl", .number(-1)), .init("send", .number(0)),
          .init("wait", ExportedText.milliseconds(headAt)),
          .init("receive", ExportedText.milliseconds(exchange.ending.at - headAt)),
        ])),
      .init("_resourceType", text: exchange.isEventStream ? "eventsource" : "fetch"),
    ]
    if exchange.isEventStream { members.append(.init("_eventSourceMessages", .array(messages))) }
    return .object(members)
  }

  private var request: JSONValue {
    let asked = exchange.request
    let url = ExportedText.url(of: asked)
    var members: [JSONValue.Member] = [
      .init("method", text: asked.method), .init("url", text: url),
      .init("httpVersion", text: Self.version(exchange.head?.http)), .init("cookies", .array([])),
      .init("headers", Self.fields(asked.headers)),
      .init("queryString", .array(Self.query(of: url))), .init("headersSize", .number(-1)),
      .init("bodySize", .number(asked.body.count)),
    ]
    if !asked.body.isEmpty {
      let (text, isBase64) = ExportedText.text(asked.body)
      let type = asked.headers.value(of: "content-type") ?? "application/octet-stream"
      let encoding: [JSONValue.Member] = isBase64 ? [.init("encoding", text: "base64")] : []
      members.append(
        .init(
          "postData", .object([.init("mimeType", text: type), .init("text", text)] + encoding)))
    }
    return .object(members)
  }

  private var response: JSONValue {
    let head = exchange.head
    var members: [JSONValue.Member] = [
      .init("status", .number(head?.status ?? 0)),
      .init("statusText", text: head.map { ReasonPhrase.registered(for: $0.status) } ?? ""),
      .init("httpVersion", text: head.map { Self.version($0.http) } ?? ""),
      .init("cookies", .array([])), .init("headers", Self.fields(head?.headers ?? [])),
      .init("content", content),
      .init("redirectURL", text: head?.headers.value(of: "location") ?? ""),
      .init("headersSize", .number(-1)),
      .init("bodySize", .number(head?.decoded == nil ? exchange.body.count : -1)),
    ]
    if head != nil { members.append(.init("_chunks", .array(chunks))) }
    if let error = Self.error(of: exchange) { members.append(.init("_error", text: error)) }
    return .object(members)
  }

  private var content: JSONValue {
    // Readers take a type that has a slash for a field that was left out.
    let type = exchange.head?.headers.value(of: "content-type") ?? "x-unknown"
    let (text, isBase64) = ExportedText.text(exchange.body)
    let encoding: [JSONValue.Member] = isBase64 ? [.init("encoding", text: "base64")] : []
    return .object(
      [
        .init("size", .number(exchange.body.count)), .init("mimeType", text: type),
        .init("text", text),
      ] + encoding)
  }

  private var chunks: [JSONValue] {
    exchange.chunks.indices.map { index in
      let time = exchange.chunks[index].at.count + at - pageStart
      return .object([
        .init("ts", .number(ExportedText.decimal(time, digits: 3))),
        .init("bytes", .number(exchange.range(ofChunk: index).count)),
      ])
    }
  }

  private var messages: [JSONValue] {
    EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end)).events.map { event in
      let time = exchange.chunks[event.chunk].at.count + at
      return .object([
        .init("time", .number(ExportedText.decimal(time, digits: 6))),
        .init("eventName", text: event.type), .init("eventId", text: event.lastEventID),
        .init("data", text: event.data),
      ])
    }
  }

  /// The failure in the words that Chrome has for it, or nil where there was none.
  static func error(of exchange: Exchange) -> String? {
    switch (exchange.ending.how, exchange.ending.stage) {
    case (.complete, _): nil
    case (.unreachable, .dns): "net::ERR_NAME_NOT_RESOLVED"
    case (.unreachable, .connect): "net::ERR_CONNECTION_REFUSED"
    case (.unreachable, .tls): "net::ERR_SSL_PROTOCOL_ERROR"
    case (.unreachable, _): "net::ERR_EMPTY_RESPONSE"
    case (.truncated, _): truncation(of: exchange.head)
    case (.reset, _): "net::ERR_CONNECTION_RESET"
    case (.timeout, _): "net::ERR_TIMED_OUT"
    case (.malformed, _): "net::ERR_INVALID_CHUNKED_ENCODING"
    case (.cancelled, _): "net::ERR_ABORTED"
    case (.interrupted, _): "net::ERR_FAILED"
    }
  }

  private static func truncation(of head: ResponseHead?) -> String {
    if case .length = head?.framing { return "net::ERR_CONTENT_LENGTH_MISMATCH" }
    return "net::ERR_INCOMPLETE_CHUNKED_ENCODING"
  }

  private static func version(_ http: String?) -> String {
    switch http {
    case "2": "HTTP/2.0"
    case let http?: "HTTP/\(http)"
    case nil: "HTTP/1.1"
    }
  }

  private static func fields(_ fields: [HeaderField]) -> JSONValue {
    .array(
      fields.map { .object([.init("name", text: $0.name), .init("value", text: $0.value)]) })
  }

  /// The query as it stands in the URL, which is how browsers write it.
  private static func query(of url: String) -> [JSONValue] {
    let parts = url.split(separator: "?", maxSplits: 1)
    guard parts.count == 2 else { return [] }
    return parts[1].prefix { $0 != "#" }.split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return .object([
        .init("name", text: String(sides.first ?? "")),
        .init("value", text: sides.count > 1 ? String(sides[1]) : ""),
      ])
    }
  }
}
