import Cassettes
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
