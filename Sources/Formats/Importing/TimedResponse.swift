internal import Cassettes
internal import HTTP

/// An answer of HTTP/1 that is put together from its bytes, each piece with the time at which it
/// came.
struct TimedResponse {
  /// The status, once the head is there.
  private(set) var status: Int?
  /// The version, `1.0` or `1.1`, once the first bytes are there.
  private(set) var http: String?
  /// The header fields.
  private(set) var headers: [HeaderField] = []
  /// How the body is framed, once the head is there.
  private(set) var framing: ResponseHead.Framing?
  /// The body, with its framing undone.
  private(set) var body: [UInt8] = []
  /// The pieces of the body: where each ends, and its time.
  private(set) var pieces: [(end: Int, at: Int64)] = []
  /// The trailer fields.
  private(set) var trailers: [HeaderField] = []
  /// When the head was there.
  private(set) var headAt: Int64?
  /// When its last byte came.
  private(set) var lastAt: Int64?
  /// Why it is none that a client can take, as a clause.
  private(set) var flaw: String?

  /// What came behind the last piece of the body, which ends with the trailers.
  private var tail: [UInt8] = []
  private var parser: ResponseParser
  private let bodyLimitBytes: Int

  /// Trailers longer than this are left out.
  private static let tailLimitBytes = 64 << 10

  /// Creates an answer of which nothing has come.
  ///
  /// - Parameters:
  ///   - method: What was asked with; the answer to a HEAD has no body.
  ///   - bodyLimitBytes: The most bytes of a body.
  init(answering method: String = "POST", bodyLimitBytes: Int = DecodedBody.limitBytes) {
    parser = ResponseParser(answering: method, headLimitBytes: 1 << 20)
    self.bodyLimitBytes = bodyLimitBytes
  }

  /// Whether no byte more belongs to it.
  var isOver: Bool { parser.isOver || flaw != nil }

  /// Whether any byte of it came.
  var hasBegun: Bool { lastAt != nil }

  /// What is missing where the connection ends here, as a clause; nil where it is whole.
  var missing: String? { flaw ?? parser.missingAtEnd() }

  /// Takes bytes that came at a time.
  ///
  /// - Returns: How many of them belong to it.
  /// - Throws: An `ImportError` where its body is too large.
  mutating func take(_ bytes: [UInt8], at time: Int64) throws -> Int {
    if isOver || bytes.isEmpty { return 0 }
    lastAt = time
    if http == nil {
      http = bytes.starts(with: "HTTP/1.0".utf8) ? "1.0" : "1.1"
    }
    var position = 0
    while true {
      let before = position
      let step = bytes.withUnsafeBufferPointer { parser.next($0, from: &position) }
      switch step {
      case .needsMore:
        keep(bytes[before..<position])
        return position
      case .head: takeHead(at: time)
      case .body(let range):
        guard body.count + range.count <= bodyLimitBytes else {
          throw ImportError("a body has more than \(bodyLimitBytes) bytes, which is the limit")
        }
        tail = []
        body += bytes[range]
        if pieces.last?.at == time {
          pieces[pieces.count - 1].end = body.count
        } else {
          pieces.append((body.count, time))
        }
      case .end:
        keep(bytes[before..<position])
        readTrailers()
        return position
      case .failure(let why):
        flaw = why
        return position
      }
    }
  }

  private mutating func takeHead(at time: Int64) {
    guard let head = parser.head else { return }
    status = head.status
    headers = head.fields
    headAt = time
    framing =
      switch head.framing {
      case .chunked: .chunked
      case .length(let count): .length(count)
      case .untilClose: .eof
      }
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    guard framing == .chunked, tail.count + bytes.count <= Self.tailLimitBytes else { return }
    tail += bytes
  }

  /// Reads the lines behind the one of the last chunk, whose size is 0. (RFC 9112, 7.1.2)
  private mutating func readTrailers() {
    guard framing == .chunked else { return }
    var lines = tail.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    if lines.first?.allSatisfy({ $0 == UInt8(ascii: "\r") }) == true { lines.removeFirst() }
    lines = lines.dropFirst()
    var section = HeaderSection()
    for line in lines where line.contains(where: { $0 != UInt8(ascii: "\r") }) {
      guard section.add(line) else { return }
    }
    trailers = section.fields
  }

  /// Writes the answer into a capture, its times counted from when the request had been sent.
  func fill(_ capture: inout Capture, sentAt: Int64, endAt: Int64? = nil) {
    func since(_ time: Int64) -> Microseconds {
      let (span, overflow) = time.subtractingReportingOverflow(sentAt)
      return overflow ? .limit : Microseconds(saturating: span)
    }
    capture.status = status
    capture.http = http
    capture.headers = headers
    capture.framing = framing
    capture.body = body
    capture.trailers = trailers
    guard let headAt else { return }
    capture.times = .arrivals(
      pieces.map { Chunk(end: $0.end, at: since($0.at)) }, head: since(headAt),
      end: since(max(endAt ?? headAt, lastAt ?? headAt)))
  }
}
