import Cassettes
import LosslessJSON
import Recorder

/// What one recording gave, sorted by kind.
struct Recorded {
  var events: [RecordingEvent] = []
  var exchange: Exchange

  /// Records a request to its end; `onEvent` sees each event as it comes.
  init(
    _ request: RecordingRequest, with recorder: StreamRecorder,
    onEvent: (RecordingEvent, RecordingEvents) -> Void = { _, _ in }
  ) async throws {
    var builder = ExchangeBuilder(request: request, id: "0000000000000000", at: "never")
    let stream = try recorder.record(request)
    for await event in stream {
      events.append(event)
      builder.add(event)
      onEvent(event, stream)
    }
    exchange = builder.exchange
  }

  var ending: Ending { exchange.ending }
  var failure: RecordingFailure? {
    if case .ended(_, let failure) = events.last { failure } else { nil }
  }
  var body: String { String(decoding: exchange.body, as: UTF8.self) }
  var chunks: [String] {
    exchange.chunks.indices.map {
      String(decoding: exchange.body[exchange.range(ofChunk: $0)], as: UTF8.self)
    }
  }
  var ticks: Int { events.filter { if case .tick = $0 { true } else { false } }.count }
}

/// Puts an exchange together from recording events, as they came: nothing is redacted.
struct ExchangeBuilder: Sendable {
  /// What has come so far; without an ending it counts as `interrupted`.
  private(set) var exchange: Exchange

  private var lines = 1

  /// Creates a builder.
  ///
  /// - Parameters:
  ///   - request: What was asked.
  ///   - id: The exchange's identity.
  ///   - at: The time of day, used where the request is never sent.
  init(request: RecordingRequest, id: String, at: String) {
    exchange = Exchange(
      request: request.recorded(id: id, at: at), ending: Ending(how: .interrupted))
  }

  /// Adds one event.
  mutating func add(_ event: RecordingEvent) {
    switch event {
    case .sent(let headers, let at):
      exchange.request.headers = headers
      exchange.request.at = at
    case .head(let head):
      exchange.head = head
      lines += 1
    case .chunk(let bytes, let at):
      exchange.append(chunk: bytes, at: at)
      lines += 1
    case .trailers(let trailers):
      exchange.trailers = trailers
      lines += 1
    case .marker(let text, let at):
      exchange.asides.append(Aside(code: "m", data: .string(text), place: lines, at: at))
    case .tick: break
    case .ended(let ending, _): exchange.ending = ending
    }
  }
}
