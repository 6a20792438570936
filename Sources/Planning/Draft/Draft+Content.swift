internal import Cassettes

extension Draft {
  /// Takes what content and grammar faults made of the body over into bytes and chunks.
  ///
  /// What is as recorded stays in its chunks. A changed event goes with the chunk of its last byte;
  /// an inserted one is a chunk of its own, due with the byte that it stands before.
  mutating func settle() {
    guard !content.isAsRecorded else { return }
    let recorded = RecordedChunks(message.chunks, endAt: message.endAt)
    var settled = Settling()
    settled.body.reserveCapacity(content.byteCount)
    var last = Microseconds.zero
    for piece in content.pieces {
      let origin = piece.origin
      if let bytes = piece.bytes {
        guard !bytes.isEmpty else { continue }
        let chunk = recorded.index(holding: piece.companion)
        last = recorded.time(of: chunk)
        settled.append(bytes[...], origin, at: last, joining: origin.isEmpty ? nil : chunk)
      } else {
        var start = origin.lowerBound
        while start < origin.upperBound {
          let chunk = recorded.index(holding: start)
          let end = min(origin.upperBound, recorded.end(of: chunk) ?? origin.upperBound)
          last = recorded.time(of: chunk)
          settled.append(content.recorded[start..<end], start..<end, at: last, joining: chunk)
          start = end
        }
      }
    }
    (message.body, message.chunks) = (settled.body, settled.chunks)
    offsets = settled.offsets
    guard content.isCut else { return }
    message.end = .complete
    message.endAt = last
    message.trailers = []
    if case .length = message.framing { message.framing = .length(Int64(message.body.count)) }
  }
}

/// The recorded chunks, by the offsets that they hold.
private struct RecordedChunks {
  private let chunks: [Chunk]
  private let endAt: Microseconds

  init(_ chunks: [Chunk], endAt: Microseconds) {
    self.chunks = chunks
    self.endAt = endAt
  }

  /// The chunk that holds a byte; behind the last one, their number.
  func index(holding offset: Int) -> Int {
    chunks.firstIndex(behind: { $0.end > offset })
  }

  func time(of index: Int) -> Microseconds { index < chunks.count ? chunks[index].at : endAt }

  func end(of index: Int) -> Int? { index < chunks.count ? chunks[index].end : nil }
}

/// Bytes, chunks and offsets, as they come about.
private struct Settling {
  var body: [UInt8] = []
  var chunks: [Chunk] = []
  var offsets = OffsetMap()
  private var joined: Int?

  /// Adds bytes to the chunk before where both belong to the same recorded one, else as a new
  /// chunk.
  mutating func append(
    _ bytes: ArraySlice<UInt8>, _ origin: Range<Int>, at time: Microseconds, joining chunk: Int?
  ) {
    body += bytes
    offsets.append(bytes.count, from: origin)
    if let chunk, chunk == joined, let last = chunks.indices.last {
      chunks[last].end = body.count
    } else {
      chunks.append(Chunk(end: body.count, at: time))
    }
    joined = chunk
  }
}
