public import HTTP
public import LosslessJSON

/// One HTTP request, its answer chunk by chunk with the time of each, and how it ended.
///
/// All times count from the moment the request had been sent whole.
public struct Exchange: Hashable, Sendable {
  /// What was asked.
  public var request: RecordedRequest

  /// The response head, or nil where none came.
  public var head: ResponseHead?

  /// The body bytes of all chunks, in order, after the HTTP framing was undone.
  public var body: [UInt8]

  /// The arrivals that make up `body`.
  public var chunks: [Chunk]

  /// The trailer section, where one came.
  public var trailers: Trailers?

  /// How the exchange ended.
  public var ending: Ending

  /// Markers and lines of unknown codes, kept in their places.
  public var asides: [Aside]

  /// Creates an exchange from its parts.
  public init(
    request: RecordedRequest, head: ResponseHead? = nil, body: [UInt8] = [], chunks: [Chunk] = [],
    trailers: Trailers? = nil, ending: Ending, asides: [Aside] = []
  ) {
    self.request = request
    self.head = head
    self.body = body
    self.chunks = chunks
    self.trailers = trailers
    self.ending = ending
    self.asides = asides
  }

  /// Adds an arrival at the end of the body.
  public mutating func append(chunk bytes: some Sequence<UInt8>, at time: Microseconds) {
    body.append(contentsOf: bytes)
    chunks.append(Chunk(end: body.count, at: time))
  }

  /// The range of `body` that chunk number `index`, from 0, brought.
  public func range(ofChunk index: Int) -> Range<Int> {
    (index == 0 ? 0 : chunks[index - 1].end)..<chunks[index].end
  }

  /// Whether what was asked got an answer: the status is below 400, and the exchange ended as its
  /// framing says that it must.
  public var isAnswer: Bool {
    guard let head, ending.how == .complete else { return false }
    return head.status < 400
  }

  /// Whether the answer says that it is an event stream. (WHATWG HTML, 9.2.2)
  public var isEventStream: Bool {
    guard let type = head?.headers.value(of: "content-type") else { return false }
    let essence = type.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
    return essence.lowercased() == "text/event-stream"
  }
}

/// The bytes of one arrival, with its time: not an HTTP chunk, not a TCP segment.
public struct Chunk: Hashable, Sendable {
  /// The offset in the body just after the chunk's last byte.
  public var end: Int

  /// When it came.
  public var at: Microseconds

  /// Creates a chunk from its end and time.
  public init(end: Int, at: Microseconds) {
    self.end = end
    self.at = at
  }
}

/// The trailer section of a chunked body. (RFC 9112, 7.1.2)
public struct Trailers: Hashable, Sendable {
  /// The trailer fields, in order.
  public var fields: [HeaderField]

  /// When they came.
  public var at: Microseconds

  /// Creates a trailer section from its fields and time.
  public init(fields: [HeaderField], at: Microseconds) {
    self.fields = fields
    self.at = at
  }
}

/// A line that is no part of the answer: a marker, or a line whose code this version does not know.
public struct Aside: Hashable, Sendable {
  /// The line's code: `m` for a marker.
  public var code: String

  /// The line's data, as it was.
  public var data: JSONValue

  /// How many lines of known codes, the request included, stand before it in the exchange.
  public var place: Int

  /// When it happened.
  public var at: Microseconds

  /// Creates an aside from its parts.
  public init(code: String, data: JSONValue, place: Int, at: Microseconds) {
    self.code = code
    self.data = data
    self.place = place
    self.at = at
  }
}
