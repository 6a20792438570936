/// Writes the lines of an exchange that grows, each once, every aside in its place.
struct LineCursor {
  private var encoder = LineEncoder()
  private var isRequestWritten = false
  private var isHeadWritten = false
  private var areTrailersWritten = false
  private var nextChunk = 0
  private var nextAside = 0
  private var forgottenChunks = 0

  /// How many of the exchange's chunks have been written.
  var chunks: Int { nextChunk }

  /// How many of its asides have.
  var asides: Int { nextAside }

  /// Goes on in an exchange from which the first chunks and asides, which are written, were taken.
  mutating func forget(chunks: Int, asides: Int) {
    nextChunk -= chunks
    forgottenChunks += chunks
    nextAside -= asides
  }

  /// Takes the lines out that were written since the last call.
  mutating func takeBytes() -> [UInt8] { encoder.takeBytes() }

  /// Writes what is new, but for its end.
  ///
  /// - Parameters:
  ///   - exchange: The exchange so far, its asides in the order of their places.
  ///   - settled: How many leading bytes of its body may be written: a chunk waits until all of it
  ///     may, and so does everything behind it.
  mutating func write(_ exchange: Exchange, settled: Int) {
    if !isRequestWritten {
      encoder.request(exchange.request)
      isRequestWritten = true
    }
    writeAsides(of: exchange)
    if !isHeadWritten, let head = exchange.head {
      encoder.head(head)
      isHeadWritten = true
      writeAsides(of: exchange)
    }
    exchange.body.withUnsafeBufferPointer { body in
      while nextChunk < exchange.chunks.count, exchange.chunks[nextChunk].end <= settled {
        let range = exchange.range(ofChunk: nextChunk)
        let chunk = UnsafeBufferPointer(rebasing: body[range])
        encoder.chunk(chunk, at: exchange.chunks[nextChunk].at)
        nextChunk += 1
        writeAsides(of: exchange)
      }
    }
    if !areTrailersWritten, nextChunk == exchange.chunks.count, let trailers = exchange.trailers {
      encoder.trailers(trailers)
      areTrailersWritten = true
      writeAsides(of: exchange)
    }
  }

  /// Writes all that is left, and the end.
  mutating func finish(_ exchange: Exchange) {
    write(exchange, settled: exchange.body.count)
    writeAsides(of: exchange, isLast: true)
    encoder.ending(exchange.ending)
  }

  /// How many lines of known codes have been written.
  private var knownLines: Int {
    forgottenChunks + nextChunk
      + [isRequestWritten, isHeadWritten, areTrailersWritten].count { $0 }
  }

  private mutating func writeAsides(of exchange: Exchange, isLast: Bool = false) {
    while nextAside < exchange.asides.count,
      isLast || exchange.asides[nextAside].place <= knownLines
    {
      encoder.aside(exchange.asides[nextAside])
      nextAside += 1
    }
  }
}
