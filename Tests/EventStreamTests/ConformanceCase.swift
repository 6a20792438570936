import EventStream
import Testing

/// One row: a stream, and what a client sees of it.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  /// What the row is about.
  let name: String
  let stream: [UInt8]
  let events: [SeenEvent]
  let lastID: String
  let retry: UInt64?

  init(
    _ name: String, _ stream: [UInt8], _ events: [SeenEvent], lastID: String = "",
    retry: UInt64? = nil
  ) {
    self.name = name
    self.stream = stream
    self.events = events
    self.lastID = lastID
    self.retry = retry
  }

  init(
    _ name: String, _ stream: String, _ events: [SeenEvent], lastID: String = "",
    retry: UInt64? = nil
  ) {
    self.init(name, Array(stream.utf8), events, lastID: lastID, retry: retry)
  }

  var testDescription: String { name }

  static let all =
    basics + data + fieldNames + types + comments + ids + retries + marks + lineEnds
    + graphemes + invalidUTF8
}

/// What a client sees of an event, compared by bytes: `String` holds canonical equivalents equal.
struct SeenEvent: Sendable, Equatable, CustomStringConvertible {
  let type: [UInt8]
  let data: [UInt8]
  let id: [UInt8]

  init(_ data: String, type: String = "message", id: String = "") {
    self.data = Array(data.utf8)
    self.type = Array(type.utf8)
    self.id = Array(id.utf8)
  }

  init(_ event: ServerSentEvent) {
    self.init(event.data, type: event.type, id: event.lastEventID)
  }

  var description: String {
    let texts = [type, data, id].map { String(decoding: $0, as: UTF8.self).debugDescription }
    return texts.joined(separator: " ")
  }
}
