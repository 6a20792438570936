internal import Cassettes
internal import Dialects
internal import EventStream
internal import LosslessJSON
internal import Planning

/// Chrome's trace events, which ui.perfetto.dev opens: a track for each exchange, with its phases,
/// its events, and what had come by then.
package struct PerfettoExport: ExportFormat {
  package let name = "perfetto"
  package let title = "trace events, for ui.perfetto.dev"
  package let fileExtension = "json"

  /// Creates the format.
  package init() {}

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter {
    Writer(options: options)
  }

  private struct Writer: ExportWriter {
    let options: ExportOptions
    /// When the first exchange was asked for, in microseconds since 1970.
    private var start: Int64?

    init(options: ExportOptions) { self.options = options }

    mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      let at = Timestamp.microseconds(rfc3339: exchange.request.at) ?? 0
      if start == nil { try sink(front) }
      let begin = start ?? at
      start = begin
      let track = Track(exchange: exchange, number: number, offset: at - begin)
      try track.write { event in try sink(Array(",\n".utf8) + event.bytes) }
    }

    mutating func finish(to sink: ByteSink) throws {
      if start == nil { try sink(front) }
      try sink(Array("\n]}\n".utf8))
    }

    private var front: [UInt8] {
      let process = Track.event(
        "M", "process_name", track: 0, at: nil,
        [
          .init("args", .object([.init("name", text: options.name)]))
        ])
      return Array("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n".utf8) + process.bytes
    }
  }

  /// The track of one exchange.
  private struct Track {
    let exchange: Exchange
    let number: Int
    /// When it was asked for, in microseconds from the start of the trace.
    let offset: Int64

    func write(_ sink: (JSONValue) throws -> Void) throws {
      let request = exchange.request
      let status = exchange.head.map { "\($0.status)" } ?? "no answer"
      let name = "\(request.method) \(request.target)"
      try sink(
        Self.event(
          "M", "thread_name", track: number, at: nil,
          [
            .init("args", .object([.init("name", text: "exchange \(number): \(name)")]))
          ]))
      let args: [JSONValue.Member] = [
        .init("id", text: request.id), .init("url", text: request.url ?? request.target),
        .init("status", text: status), .init("how", text: exchange.ending.how.rawValue),
        .init("bytes", .number(exchange.body.count)),
      ]
      try sink(slice(name, from: .zero, to: exchange.ending.at, args))
      for (phase, from, to) in phases where to > from { try sink(slice(phase, from: from, to: to)) }
      try writeEvents(sink)
      if exchange.ending.how != .complete {
        let how = exchange.ending.how.rawValue
        try sink(
          instant(
            how, at: exchange.ending.at,
            exchange.ending.detail.map { [.init("detail", text: $0)] } ?? []))
      }
    }

    /// The phases one after the other: they tile the exchange.
    private var phases: [(String, Microseconds, Microseconds)] {
      let end = exchange.ending.at
      guard let head = exchange.head else { return [("waiting for the head", .zero, end)] }
      guard let first = exchange.chunks.first?.at else {
        return [("waiting for the head", .zero, head.at), ("no body", head.at, end)]
      }
      return [
        ("waiting for the head", .zero, head.at), ("waiting for the first byte", head.at, first),
        ("stream", first, end),
      ]
    }

    private func writeEvents(_ sink: (JSONValue) throws -> Void) throws {
      let dialect = ExchangeMessage(of: exchange).dialect
      let events = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end)).events
      var next = 0
      for (index, chunk) in exchange.chunks.enumerated() {
        while next < events.count, events[next].chunk == index {
          let event = events[next]
          next += 1
          try sink(
            instant(
              dialect.name(of: event), at: chunk.at,
              [
                .init("event", .number(next)), .init("bytes", .number(event.block.count)),
                .init("data", text: String(event.data.unicodeScalars.prefix(Self.dataLimit))),
              ]))
        }
        try sink(counter("bytes", chunk.end, at: chunk.at))
        if !events.isEmpty { try sink(counter("events", next, at: chunk.at)) }
      }
    }

    /// How much of an event's data is written.
    private static let dataLimit = 200

    private func slice(
      _ name: String, from: Microseconds, to: Microseconds, _ args: [JSONValue.Member] = []
    ) -> JSONValue {
      Self.event(
        "X", name, track: number, at: from.count + offset,
        [
          .init("dur", .number((to - from).count)), .init("args", .object(args)),
        ])
    }

    private func instant(
      _ name: String, at time: Microseconds, _ args: [JSONValue.Member]
    ) -> JSONValue {
      Self.event(
        "i", name, track: number, at: time.count + offset,
        [
          .init("s", text: "t"), .init("args", .object(args)),
        ])
    }

    private func counter(_ what: String, _ count: Int, at time: Microseconds) -> JSONValue {
      Self.event(
        "C", "\(what) of exchange \(number)", track: number, at: time.count + offset,
        [
          .init("args", .object([.init(what, .number(count))]))
        ])
    }

    static func event(
      _ phase: String, _ name: String, track: Int, at time: Int64?, _ more: [JSONValue.Member]
    ) -> JSONValue {
      let front: [JSONValue.Member] = [
        .init("ph", text: phase), .init("name", text: name), .init("pid", .number(1)),
        .init("tid", .number(track)),
      ]
      return .object(front + (time.map { [.init("ts", .number($0))] } ?? []) + more)
    }
  }
}
