internal import LosslessJSON
internal import Redaction

/// An exchange while it is recorded: in memory is what its spool does not have yet, and a little of
/// what stands before that.
///
/// A recording may go on for long beside thousands of others, so its body does not stay until the
/// end.
struct GrowingExchange {
  /// The request and the head, and of the rest what was not taken.
  private(set) var exchange: Exchange

  private var redactor: BodyRedactor
  private var cursor = LineCursor()
  /// How many leading bytes of the body in memory are settled.
  private var settled = 0

  /// What is not in memory any more, in which nothing of the last line stands.
  private var gone = (bytes: 0, chunks: 0, asides: 0)

  init(_ request: RecordedRequest, rules: RedactionRules) {
    exchange = Exchange(request: request, ending: Ending(how: .interrupted))
    redactor = BodyRedactor(rules: rules)
  }

  /// How many markers it has.
  var asideCount: Int { gone.asides + exchange.asides.count }

  mutating func add(_ head: ResponseHead) { exchange.head = head }

  mutating func add(_ chunk: UnsafeRawBufferPointer, at time: Microseconds) {
    exchange.append(chunk: chunk, at: time)
    settled = redactor.redact(&exchange.body, isFinal: false)
  }

  /// Adds the trailers, behind which no chunk comes.
  mutating func add(_ trailers: Trailers) {
    settleAll()
    exchange.trailers = trailers
  }

  /// Adds a marker, behind all that came before it.
  mutating func add(aside code: String, _ data: JSONValue, at time: Microseconds) {
    let place =
      1 + (exchange.head == nil ? 0 : 1) + gone.chunks + exchange.chunks.count
      + (exchange.trailers == nil ? 0 : 1)
    exchange.asides.append(Aside(code: code, data: data, place: place, at: time))
  }

  /// Ends it; nothing may be added after this.
  mutating func end(_ ending: Ending) {
    if exchange.trailers == nil { settleAll() }
    exchange.ending = ending
  }

  /// Once: behind its last byte a search is over.
  private mutating func settleAll() {
    settled = redactor.redact(&exchange.body, isFinal: true)
  }

  /// Takes the lines that are settled and were not taken before.
  mutating func takeLines() -> [UInt8] {
    cursor.write(exchange, settled: settled)
    let lines = cursor.takeBytes()
    if !lines.isEmpty { forgetWritten() }
    return lines
  }

  /// Takes all lines that are left, and that of the end.
  mutating func takeLastLines() -> [UInt8] {
    cursor.finish(exchange)
    return cursor.takeBytes()
  }

  private mutating func forgetWritten() {
    let asides = cursor.asides
    exchange.asides.removeFirst(asides)
    // The last chunk that was written stays: it says where the next one begins.
    let chunks = max(0, cursor.chunks - 1)
    let end = cursor.chunks > 0 ? exchange.chunks[chunks].end : 0
    let bytes = max(0, min(end, settled - BodyRedactor.lookbackBytes))
    // New arrays: those that were there have room for all that came in between.
    exchange.body = Array(exchange.body[bytes...])
    exchange.chunks = exchange.chunks[chunks...].map { Chunk(end: $0.end - bytes, at: $0.at) }
    settled -= bytes
    redactor.forget(bytes)
    cursor.forget(chunks: chunks, asides: asides)
    gone = (gone.bytes + bytes, gone.chunks + chunks, gone.asides + asides)
  }

  /// Whether lines of which nothing is in memory any more were taken.
  var isPartlyGone: Bool { gone.bytes > 0 || gone.chunks > 0 || gone.asides > 0 }

  /// The whole exchange, with the beginning as it was taken.
  ///
  /// - Parameter beginning: What a reader makes of the lines that were taken.
  /// - Returns: The exchange, or nil where that is not its beginning.
  func whole(behind beginning: Exchange) -> Exchange? {
    let end = cursor.chunks > 0 ? exchange.chunks[cursor.chunks - 1].end : 0
    guard beginning.chunks.count == gone.chunks + cursor.chunks,
      beginning.body.count == gone.bytes + end,
      beginning.asides.count == gone.asides + cursor.asides
    else { return nil }
    var whole = exchange
    whole.body = []
    whole.body.reserveCapacity(gone.bytes + exchange.body.count)
    whole.body += beginning.body
    whole.body += exchange.body[end...]
    whole.chunks = []
    whole.chunks.reserveCapacity(gone.chunks + exchange.chunks.count)
    whole.chunks += beginning.chunks
    for chunk in exchange.chunks[cursor.chunks...] {
      whole.chunks.append(Chunk(end: gone.bytes + chunk.end, at: chunk.at))
    }
    whole.asides = beginning.asides + exchange.asides[cursor.asides...]
    return whole
  }
}
