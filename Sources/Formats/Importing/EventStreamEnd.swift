internal import EventStream

/// Where an event stream ends.
enum EventStreamEnd {
  /// Whether bytes of a stream end inside an event, so that a client would drop what it has of it.
  static func isInsideEvent(_ body: [UInt8]) -> Bool {
    var parser = EventStreamParser(eventLimitBytes: .max)
    var end = 0
    parser.parse(body) { end = $0.block.upperBound }
    return body[end...].contains { $0 != 0x0A && $0 != 0x0D }
      && !body[end...].starts(with: ":".utf8)
  }
}
