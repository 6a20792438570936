/// All events of a whole body, with places that do not depend on how the body arrived.
///
/// The blocks and the tail tile the body: each block begins where the one before it ends, the first
/// at 0, and the tail is what is left. A block ends behind the LF of a CR LF.
public struct EventIndex: Sendable {
  /// The events in order; `chunk` is the index of the chunk that holds `dispatchOffset`.
  public let events: [ServerSentEvent]

  /// The bytes after the last block; no event completes in them.
  public let tail: Range<Int>

  /// Reads a whole body.
  ///
  /// - Parameters:
  ///   - body: The bytes of the stream from its first; they bound what the events take in memory.
  ///   - chunkEnds: The offset behind each chunk, ascending. What lies behind the last of them
  ///     counts as a chunk of its own.
  public init(body: [UInt8], chunkEnds: [Int]) {
    var parser = EventStreamParser(eventLimitBytes: .max)
    var counter = EventBlockCounter()
    _ = body.withUnsafeBufferPointer { counter.take($0) }
    var events: [ServerSentEvent] = []
    // As an array grows, the old one and the new one are there at once.
    events.reserveCapacity(counter.count)
    var chunk = 0
    parser.parse(body) { event in
      while chunk < chunkEnds.count, chunkEnds[chunk] <= event.dispatchOffset { chunk += 1 }
      var event = event
      event.chunk = chunk
      events.append(event)
    }
    self.events = events
    self.tail = (events.last?.block.upperBound ?? 0)..<body.count
  }
}

extension EventIndex {
  /// How many events a whole body has.
  public static func count(of body: [UInt8]) -> Int {
    var parser = EventStreamParser(eventLimitBytes: .max)
    var count = 0
    parser.parse(body) { _ in count += 1 }
    return count
  }
}
