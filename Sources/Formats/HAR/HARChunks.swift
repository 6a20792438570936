internal import Cassettes
internal import Documents

/// The pieces of a body as chrome-har notes them: `_chunks`, whose `ts` is milliseconds from the
/// start of the page, and whose `bytes` counts decoded bytes.
struct HARChunks {
  /// One piece.
  struct Piece {
    /// When it came, in microseconds from the start of the page.
    var at: Int64
    /// How many bytes it has.
    var bytes: Int
  }

  /// The pieces, in order.
  var pieces: [Piece] = []
  /// How many bytes they have together.
  var total = 0

  /// Reads the pieces of an entry; nil where it has none.
  init?(of entry: HAREntry) throws {
    guard let list = entry.node["_chunks"] ?? entry.response?["_chunks"], !list.isNull else {
      return nil
    }
    guard let items = list.items else { throw ImportError.expected("a sequence for _chunks", list) }
    for item in items {
      guard let milliseconds = item["ts"]?.double,
        let at = HARTime.microseconds(milliseconds: milliseconds),
        let bytes = item["bytes"]?.int, bytes >= 0
      else { throw ImportError.expected("a chunk with ts and bytes", item) }
      let (sum, overflow) = total.addingReportingOverflow(bytes)
      guard !overflow else {
        throw ImportError("the chunks have more bytes than can be counted", line: item.line)
      }
      total = sum
      pieces.append(Piece(at: at, bytes: bytes))
    }
    if pieces.isEmpty { return nil }
  }

  /// When the pieces of a body came.
  ///
  /// - Parameters:
  ///   - count: How many bytes the body has; those that no piece counts belong to the last one.
  ///   - pageStart: When the page began, in microseconds since 1970; where nobody knows it, the
  ///     last piece came when the body ended.
  ///   - timings: The times of the entry.
  /// - Returns: The arrivals, from when the request had been sent.
  func times(count: Int, pageStart: Int64?, timings: HARTimings) -> Capture.Times {
    let base = pageStart.flatMap { start in
      timings.startedAt.map { start &- $0 &- timings.sending }
    }
    let lastAt = pieces.last?.at ?? 0
    var chunks: [Chunk] = []
    var end = 0
    for piece in pieces {
      // The pieces may count more than there is, so that the sum cannot overflow.
      end = min(end + min(piece.bytes, count), count)
      let at = base.map { piece.at &+ $0 } ?? (timings.end.count &- (lastAt &- piece.at))
      chunks.append(Chunk(end: end, at: Microseconds(saturating: at)))
    }
    if end < count, let last = chunks.indices.last { chunks[last].end = count }
    return .arrivals(chunks, head: timings.head, end: timings.end)
  }
}
