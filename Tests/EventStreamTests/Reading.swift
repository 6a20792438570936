import EventStream

/// What a parser made of a stream that it was fed in pieces.
struct Reading: Equatable {
  var events: [SeenEvent] = []
  var dispatchOffsets: [Int] = []

  /// The blocks with a LF that came in a later piece added, so that they tell nothing of the
  /// pieces.
  var blocks: [Range<Int>] = []
  var lastID = ""
  var retry: UInt64?

  /// Feeds `pieces` one after the other; each is the parser's chunk of the same number.
  init(pieces: [[UInt8]], eventLimitBytes: Int = 64 << 20) {
    let stream = Array(pieces.joined())
    var parser = EventStreamParser(eventLimitBytes: eventLimitBytes)
    for (chunk, piece) in pieces.enumerated() {
      parser.parse(piece, chunk: chunk) { add($0, of: stream) }
    }
    lastID = parser.lastEventID
    retry = parser.reconnectionTimeMilliseconds
  }

  private mutating func add(_ event: ServerSentEvent, of stream: [UInt8]) {
    events.append(SeenEvent(event))
    dispatchOffsets.append(event.dispatchOffset)
    var end = event.block.upperBound
    if stream[end - 1] == 0x0D, end < stream.count, stream[end] == 0x0A { end += 1 }
    blocks.append(event.block.lowerBound..<end)
  }
}

extension [UInt8] {
  /// The bytes in pieces of `size`; the last may be shorter.
  func pieces(of size: Int) -> [[UInt8]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }

  /// The bytes in two pieces, the first of which has `place` bytes.
  func cut(at place: Int) -> [[UInt8]] {
    [Array(self[..<place]), Array(self[place...])]
  }
}
