package import Cassettes
package import HTTP

/// An answer before any protocol makes bytes of it: a head, data with times, trailers, and an
/// ending of a kind. (RFC 9110, 6)
///
/// Nothing in it knows of chunk-size lines, frames or sockets. What only one protocol can say, such
/// as how the body is framed, stands in it as what an encoder of that protocol is to do.
package struct HTTPMessage: Sendable {
  /// An answer of status 1xx before the answer. (RFC 9110, 15.2)
  package struct InterimHead: Hashable, Sendable {
    /// The status code.
    package var status: Int

    /// The header fields.
    package var headers: [HeaderField]

    /// Creates a head of its parts.
    package init(status: Int, headers: [HeaderField] = []) {
      self.status = status
      self.headers = headers
    }
  }

  /// How HTTP/1 frames the body.
  package enum Framing: Hashable, Sendable {
    /// Each chunk as one HTTP chunk.
    case chunked
    /// A `content-length` of that many bytes.
    case length(Int64)
    /// The body ends with the connection.
    case eof
  }

  /// How much of the head goes out, and when.
  package enum HeadPart: Hashable, Sendable {
    case whole
    /// All of it, the second half at a time of its own.
    case halves(second: Microseconds)
    /// The first half of its bytes.
    case half
    case none
  }

  /// What the chunked coding of HTTP/1 promises and does not keep.
  package enum BrokenPromise: Hashable, Sendable {
    /// The last HTTP chunk is that many bytes longer than what comes of it.
    case rest(Int)
    /// A chunk-size line of that many bytes comes, and none of them.
    case chunk(Int)
  }

  /// The status code, or nil where no head goes out.
  package var status: Int?

  /// The header fields, without those that framing makes.
  package var headers: [HeaderField]

  /// When the head is due.
  package var headAt: Microseconds = .zero

  /// The fields of the head that name a time.
  package var times: [FieldTime] = []

  /// How much of the head goes out.
  package var headPart = HeadPart.whole

  /// What goes out before the head.
  package var interim: [InterimHead] = []

  /// The body bytes.
  package var body: [UInt8] = []

  /// What goes out together, and when; ends and times never decrease.
  package var chunks: [Chunk] = []

  /// The trailer fields of a complete body.
  package var trailers: [HeaderField] = []

  /// How HTTP/1 frames the body.
  package var framing: Framing

  /// What the chunked coding of HTTP/1 promises at the end and does not keep.
  package var brokenPromise: BrokenPromise?

  /// How the answer ends.
  package var end = Ending.Kind.complete

  /// When it ends.
  package var endAt: Microseconds = .zero
}

extension HTTPMessage {
  /// The message that re-enacts a recording: its chunks, its times and its ending.
  init(_ exchange: Exchange) {
    self.init(
      status: exchange.head?.status,
      headers: exchange.head.map { Self.headers(of: $0, for: exchange.request) } ?? [],
      headAt: exchange.head?.at ?? .zero, body: exchange.body, chunks: Self.chunks(of: exchange),
      trailers: exchange.trailers?.fields ?? [], framing: Self.framing(of: exchange),
      end: exchange.ending.how.kind, endAt: exchange.ending.at)
  }

  /// A message that goes out at once with a whole body, framed by its length.
  init(status: Int, headers: [HeaderField], body: [UInt8]) {
    self.init(
      status: status, headers: headers, body: body,
      chunks: body.isEmpty ? [] : [Chunk(end: body.count, at: .zero)],
      framing: .length(Int64(body.count)))
  }

  /// The recorded chunks but for those without bytes; shared with the recording where all have
  /// some.
  private static func chunks(of exchange: Exchange) -> [Chunk] {
    var start = 0
    let areAllFilled = exchange.chunks.allSatisfy { chunk in
      defer { start = chunk.end }
      return chunk.end > start
    }
    guard !areAllFilled else { return exchange.chunks }
    start = 0
    return exchange.chunks.filter { chunk in
      defer { start = chunk.end }
      return chunk.end > start
    }
  }

  /// A complete recording goes out chunked; of one that failed the framing decides what a client
  /// can notice, so it stays.
  private static func framing(of exchange: Exchange) -> Framing {
    // Only the chunked coding can show a client that the framing is broken.
    guard let head = exchange.head, ![.complete, .malformed].contains(exchange.ending.how) else {
      return .chunked
    }
    switch head.framing {
    case .chunked, .h2: return .chunked
    case .eof: return .eof
    // The count is of the bytes on the wire, which a decoded body can outgrow: what is declared
    // must stay more than what comes, or the answer would look whole.
    case .length(let count): return .length(max(count, Int64(exchange.body.count) + 1))
    }
  }
}

extension HTTPMessage {
  /// The status code that a client gets to know.
  var visibleStatus: Int? {
    switch headPart {
    case .whole, .halves: status
    case .half, .none: nil
    }
  }
}
