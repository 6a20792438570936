internal import EventStream

/// A stream such as a language model's server sends: some 130 bytes an event, JSON in `data`.
struct GeneratedStream {
  private(set) var bytes: [UInt8] = []
  private(set) var events = 0

  private static let words = [
    "the", "of", "and", "stream", "event", "server", "record", "replay", "token", "latency",
    "buffer", "chunk", "schedule", "water", "people", "number", "because", "through",
  ]

  /// Makes whole messages of 200 texts each until there are enough bytes.
  init(bytesAtLeast minimum: Int) {
    var encoder = EventStreamEncoder()
    var word = 0
    while bytes.count < minimum {
      append("message_start", #"{"type":"message_start","message":{"id":"msg_1"}}"#, &encoder)
      for _ in 0..<200 {
        let text = (0..<4).map { " " + Self.words[(word + $0 * $0) % Self.words.count] }.joined()
        word += 5
        append(
          "content_block_delta",
          #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""#
            + text + #""}}"#, &encoder)
      }
      append("message_stop", #"{"type":"message_stop"}"#, &encoder)
    }
  }

  private mutating func append(_ type: String, _ data: String, _ encoder: inout EventStreamEncoder)
  {
    bytes += encoder.encode(ServerSentEvent(type: type, data: data))
    events += 1
  }
}
