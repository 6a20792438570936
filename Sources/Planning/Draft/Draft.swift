package import Cassettes
package import EventStream
package import HTTP

/// A plan in the making: what will be sent and when, before it is framed as HTTP.
///
/// The planner makes one of an exchange, faults and the pace change it, and it is rendered at the
/// end. Nothing in it knows of chunk-size lines or of sockets.
package struct Draft: Sendable {
  /// How the body is framed.
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

  /// What the chunked coding promises and does not keep.
  package enum BrokenPromise: Hashable, Sendable {
    /// The last HTTP chunk is that many bytes longer than what comes of it.
    case rest(Int)
    /// A chunk-size line of that many bytes comes, and none of them.
    case chunk(Int)
  }

  /// How the answer ends.
  package enum End: Hashable, Sendable {
    /// As the framing says it must.
    case complete
    /// With FIN, the message incomplete.
    case disconnect
    /// With RST.
    case reset
    /// Never: silence.
    case hang
    /// With a chunk-size line that is none, then FIN.
    case badChunk
  }

  /// The status code, or nil where no head goes out.
  package var status: Int?

  /// The header fields, without those that framing makes.
  package var headers: [HeaderField]

  /// When the head is due.
  package var headAt: Microseconds

  /// How much of the head goes out.
  package var headPart = HeadPart.whole

  /// Answers of status 1xx that go out before the head, as whole heads. (RFC 9110, 15.2)
  package var interim: [UInt8] = []

  /// The recorded body while content and grammar faults edit it.
  package var content: EditedContent

  /// The body bytes, once the content is settled.
  package var body: [UInt8]

  /// Where the offsets of the recording are in `body`.
  package internal(set) var offsets: OffsetMap

  /// What goes out together, and when; ends and times never decrease.
  package var chunks: [Chunk]

  /// The trailer fields of a complete chunked body.
  package var trailers: [HeaderField]

  /// How the body is framed.
  package var framing: Framing

  /// How the answer ends.
  package var end: End

  /// When it ends.
  package var endAt: Microseconds

  /// What the chunked coding promises at the end and does not keep.
  package var brokenPromise: BrokenPromise?

  /// Whether the body is an event stream, so that it has events.
  package var isEventStream: Bool

  /// What a person should know of the plan.
  package var notes: [String]
}

extension Draft {
  /// Creates the draft that re-enacts a recording: its chunks, its times and its ending.
  package init(
    _ exchange: Exchange, events: [ServerSentEvent] = [], limitBytes: Int = PlanLimits.wireBytes
  ) {
    content = EditedContent(exchange.body, events: events, limitBytes: limitBytes)
    offsets = OffsetMap(identity: exchange.body.count)
    status = exchange.head?.status
    headers = exchange.head.map { Self.headers(of: $0, for: exchange.request) } ?? []
    headAt = exchange.head?.at ?? .zero
    body = exchange.body
    chunks = Self.chunks(of: exchange)
    trailers = exchange.trailers?.fields ?? []
    end = Self.end(of: exchange.ending.how)
    endAt = exchange.ending.at
    isEventStream = exchange.isEventStream
    framing = Self.framing(of: exchange)
    notes = Self.notes(on: exchange)
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

  private static func end(of how: Ending.How) -> End {
    switch how {
    case .complete: .complete
    case .truncated, .cancelled, .interrupted: .disconnect
    case .reset, .unreachable: .reset
    case .timeout: .hang
    case .malformed: .badChunk
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

  private static func notes(on exchange: Exchange) -> [String] {
    var notes: [String] = []
    if exchange.head?.framing == .h2 { notes.append("recorded over HTTP/2, framed as chunked") }
    switch exchange.ending.how {
    case .malformed where exchange.head.map { ![.chunked, .h2].contains($0.framing) } ?? false:
      notes.append("recorded as malformed in another framing: framed as chunked to show it")
    case .cancelled: notes.append("the recording was cancelled: it ends as a disconnect")
    case .interrupted: notes.append("the recording was interrupted: it ends as a disconnect")
    default: break
    }
    return notes
  }
}
