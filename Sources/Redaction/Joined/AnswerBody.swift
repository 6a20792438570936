internal import EventStream

/// The body of an answer, and how it is read.
package struct AnswerBody {
  /// All of it.
  package var bytes: [UInt8]
  /// Whether it is an event stream.
  package var isEventStream: Bool
  /// The ends of the chunks in which it came.
  package var chunkEnds: [Int]

  /// Creates a body.
  package init(_ bytes: [UInt8], isEventStream: Bool, chunkEnds: [Int]) {
    self.bytes = bytes
    self.isEventStream = isEventStream
    self.chunkEnds = chunkEnds
  }

  var events: [ServerSentEvent] {
    EventIndex(body: bytes, chunkEnds: chunkEnds).events
  }
}
