package import Cassettes
internal import EventStream
internal import HTTP
internal import LosslessJSON
internal import Units

/// One JSON document with all that a cassette says, for programs.
package struct DocumentExport: ExportFormat {
  package let name = "json"
  package let title = "one JSON document with everything, for programs"
  package let fileExtension = "json"

  /// Creates the format.
  package init() {}

  package func capture(of exchange: Exchange) -> Capture? {
    var capture = Capture()
    capture.whole = exchange
    return capture
  }

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter { Writer() }

  private struct Writer: ExportWriter {
    private var isFirst = true

    mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      try sink(isFirst ? Self.front : Array(",\n".utf8))
      isFirst = false
      try sink(Self.object(exchange, number: number).bytes)
    }

    mutating func finish(to sink: ByteSink) throws {
      try sink((isFirst ? Self.front : []) + Array("\n]}\n".utf8))
    }

    private static let front = Array(
      "{\"tapedeck\":\"exchanges\",\"version\":1,\"exchanges\":[\n".utf8)

    /// One exchange: first what `show --json` has of it, then all that it consists of.
    private static func object(_ exchange: Exchange, number: Int) -> JSONValue {
      let request = exchange.request
      var members: [JSONValue.Member] = [
        .init("exchange", .number(number)), .init("id", text: request.id),
        .init("at", text: request.at), .init("by", text: request.by),
        .init("timing", text: request.timing.rawValue), .init("method", text: request.method),
        .init("url", request.url.map(JSONValue.string) ?? .null),
        .init("path", text: request.target),
        .init("status", exchange.head.map { .number($0.status) } ?? .null),
        .init("events", .number(EventIndex.count(of: exchange.body))),
        .init("bytes", .number(exchange.body.count)),
        .init("first_byte_us", exchange.head.map { .number($0.at.count) } ?? .null),
        .init("duration_us", .number(exchange.ending.at.count)),
        .init("how", text: exchange.ending.how.rawValue),
        .init("request", object(request)),
        .init("response", exchange.head.map(object) ?? .null),
        .init("chunks", .array(exchange.chunks.indices.map { chunk($0, of: exchange) })),
      ]
      if let trailers = exchange.trailers {
        members.append(
          .init(
            "trailers",
            .object([
              .init("at_us", .number(trailers.at.count)),
              .init("headers", fields(trailers.fields)),
            ])))
      }
      members.append(.init("ending", object(exchange.ending)))
      if !exchange.asides.isEmpty {
        members.append(.init("asides", .array(exchange.asides.map(object))))
      }
      return .object(members)
    }

    private static func object(_ request: RecordedRequest) -> JSONValue {
      var members: [JSONValue.Member] = []
      if let path = request.path { members.append(.init("path", text: path)) }
      members.append(.init("headers", fields(request.headers)))
      members.append(bytes("body", request.body))
      members += extra(request.extra)
      return .object(members)
    }

    private static func object(_ head: ResponseHead) -> JSONValue {
      var members: [JSONValue.Member] = [.init("http", text: head.http)]
      switch head.framing {
      case .chunked: members.append(.init("framing", text: "chunked"))
      case .eof: members.append(.init("framing", text: "eof"))
      case .h2: members.append(.init("framing", text: "h2"))
      case .length(let length):
        members += [.init("framing", text: "length"), .init("length", .number(length))]
      }
      if let decoded = head.decoded { members.append(.init("decoded", text: decoded)) }
      return .object(members + [.init("headers", fields(head.headers))] + extra(head.extra))
    }

    private static func object(_ ending: Ending) -> JSONValue {
      var members: [JSONValue.Member] = []
      if let stage = ending.stage { members.append(.init("stage", text: stage.rawValue)) }
      if let detail = ending.detail { members.append(.init("detail", text: detail)) }
      if let code = ending.curlCode { members.append(.init("curl", .number(code))) }
      return .object(members + extra(ending.extra))
    }

    private static func object(_ aside: Aside) -> JSONValue {
      .object([
        .init("at_us", .number(aside.at.count)), .init("code", text: aside.code),
        .init("place", .number(aside.place)), .init("data", aside.data),
      ])
    }

    private static func chunk(_ index: Int, of exchange: Exchange) -> JSONValue {
      .object([
        .init("at_us", .number(exchange.chunks[index].at.count)),
        bytes("text", exchange.bytes(ofChunk: index)),
      ])
    }

    /// Bytes that are no text stand in base64, under a name that says so.
    private static func bytes(_ key: String, _ bytes: [UInt8]) -> JSONValue.Member {
      let (value, isBase64) = ExportedText.text(bytes)
      return .init(isBase64 ? "\(key)64" : key, value)
    }

    private static func fields(_ fields: [HeaderField]) -> JSONValue {
      .array(fields.map { .array([.string($0.name), .string($0.value)]) })
    }

    private static func extra(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
      members.isEmpty ? [] : [.init("extra", .object(members))]
    }
  }
}
