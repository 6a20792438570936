internal import Cassettes
internal import Recorder

/// Events that wait to be taken in, in order.
///
/// Chunks are nearly all of them, and a busy machine lets them wait: their bytes stand in one
/// buffer, which takes a third of the memory of as many events.
struct PendingEvents {
  private enum Piece {
    case event(RecordingEvent)
    case chunks(Int)
  }

  private var pieces: [Piece] = []
  private var bytes: [UInt8] = []
  private var chunks: [Chunk] = []

  /// Adds an event behind the others; of ticks in a row one is kept.
  mutating func append(_ event: RecordingEvent) {
    switch (event, pieces.last) {
    case (.chunk(let chunk, let time), let last):
      bytes += chunk
      chunks.append(Chunk(end: bytes.count, at: time))
      if case .chunks(let count) = last {
        pieces[pieces.count - 1] = .chunks(count + 1)
      } else {
        pieces.append(.chunks(1))
      }
    case (.tick, .event(.tick)): break
    default: pieces.append(.event(event))
    }
  }
}

extension PendingEvents: Sequence {
  struct Iterator: IteratorProtocol {
    private let pending: PendingEvents
    private var nextPiece = 0
    private var nextChunk = 0
    /// How many chunks of the piece before `nextPiece` are still to come.
    private var chunksLeft = 0

    fileprivate init(_ pending: PendingEvents) { self.pending = pending }

    mutating func next() -> RecordingEvent? {
      while chunksLeft == 0 {
        guard nextPiece < pending.pieces.count else { return nil }
        defer { nextPiece += 1 }
        switch pending.pieces[nextPiece] {
        case .event(let event): return event
        case .chunks(let count): chunksLeft = count
        }
      }
      let start = nextChunk == 0 ? 0 : pending.chunks[nextChunk - 1].end
      let chunk = pending.chunks[nextChunk]
      nextChunk += 1
      chunksLeft -= 1
      return .chunk(Array(pending.bytes[start..<chunk.end]), at: chunk.at)
    }
  }

  func makeIterator() -> Iterator { Iterator(self) }
}
