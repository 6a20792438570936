internal import Cassettes
internal import HTTP

/// The body of an answer as its pieces come: its transfer framing undone, each piece with its time.
struct ReceivedBody {
  /// How the head says that the body is delimited. (RFC 9112, 6.3)
  private(set) var framing: ResponseHead.Framing
  /// The bytes, without their framing.
  private(set) var bytes: [UInt8] = []
  /// Where the pieces end in `bytes`, and when each came, where that is known.
  private(set) var pieces: [(end: Int, at: Int64?)] = []
  /// Whether the body is there as its framing says that it must be; of one that ends with its
  /// connection that is not known before.
  private(set) var isWhole = false

  private let isBodiless: Bool
  private let isCoded: Bool
  private let isTaken: Bool
  private var chunks: ChunkedBody?
  /// The first bytes of a chunked body, as long as it may yet prove to be without its framing.
  private var opening: [UInt8] = []
  /// What was there before a dot that ended the last piece, which may stand for a CR.
  private var beforeDot: (chunks: ChunkedBody, count: Int)?

  /// Creates a body of which nothing has come.
  ///
  /// - Parameters:
  ///   - head: The head of the answer.
  ///   - status: Its first line.
  ///   - method: What was asked with, or nil where that is not known.
  ///   - isTaken: Whether somebody took the body over before, and most likely undid its framing; it
  ///     comes as one piece then.
  init(of head: MessageHead, _ status: StatusLine, to method: String?, isTaken: Bool) {
    self.isTaken = isTaken
    isBodiless = status.isBodiless(for: method ?? "POST")
    isCoded = head.fields.contentCoding != nil
    if isBodiless {
      framing = .length(0)
      isWhole = true
    } else if !status.version.hasPrefix("1") {
      framing = .h2
    } else if head.fields.list(of: "transfer-encoding").contains("chunked") {
      framing = .chunked
      chunks = ChunkedBody()
    } else if case .count(let count) = DeclaredLength(head.fields) {
      framing = .length(count)
      isWhole = count == 0
    } else {
      framing = .eof
    }
  }

  /// Takes the next piece.
  mutating func take(_ piece: ArraySlice<UInt8>, at time: Int64?) {
    guard !isBodiless else { return }
    let start = bytes.count
    if chunks != nil {
      takeChunks(piece)
    } else if case .length(let count) = framing {
      let room = isCoded ? piece.count : max(0, Int(clamping: count) - bytes.count)
      bytes += piece.prefix(room)
      isWhole = Int64(bytes.count) >= count
    } else {
      bytes += piece
    }
    if bytes.count > start { pieces.append((bytes.count, time)) }
  }

  /// Replaces the bytes by as many others.
  mutating func mend(_ change: (inout [UInt8]) -> Void) { change(&bytes) }

  private mutating func takeChunks(_ piece: ArraySlice<UInt8>) {
    if isTaken, !ChunkedBody.isFramed(piece) {
      chunks = nil
      bytes += piece
      return
    }
    if bytes.isEmpty { opening += piece }
    takePrintable(piece)
    guard bytes.isEmpty else {
      opening = []
      isWhole = chunks?.isOver ?? false
      return
    }
    isWhole = chunks?.isOver ?? false
    if chunks?.failure != nil, ChunkedBody.isUnframed(opening) {
      chunks = nil
      bytes = opening
      opening = []
    }
  }

  /// Takes a piece of chunks.
  ///
  /// `--trace-ascii` shows a CR that ends a piece and the LF that begins the next one as dots:
  /// where two such dots break the framing and these do not, they are these.
  private mutating func takePrintable(_ piece: ArraySlice<UInt8>) {
    let dot = UInt8(ascii: ".")
    let split = piece.first == dot ? beforeDot : nil
    let before = piece.last == dot ? chunks : nil
    let count = bytes.count
    chunks?.take(piece, into: &bytes)
    if let split, split.count == count, chunks?.isOver != true {
      var other = split.chunks
      var body: [UInt8] = []
      other.take([0x0D, 0x0A] + piece.dropFirst(), into: &body)
      if other.isOver || chunks?.failure != nil && other.failure == nil {
        bytes.removeSubrange(count...)
        bytes += body
        chunks = other
      }
    }
    beforeDot = nil
    guard var before else { return }
    var body: [UInt8] = []
    before.take(piece.dropLast(), into: &body)
    if before.failure == nil { beforeDot = (before, count + body.count) }
  }

  /// Puts what came into a capture.
  ///
  /// - Parameters:
  ///   - capture: The capture.
  ///   - isClosed: Whether the connection, or the file, ended as it should; a body that only its
  ///     connection's end delimits is whole then.
  func settle(_ capture: inout Capture, isClosed: Bool = true) {
    capture.body = bytes
    capture.framing = framing
    if let trailers = chunks?.trailers, !trailers.isEmpty { capture.trailers = trailers }
    guard !isWhole else { return }
    if let chunks {
      let failure = chunks.failure
      capture.ending = failure == nil ? .truncated : .malformed
      capture.endingDetail = failure ?? chunks.missing
    } else if case .length(let count) = framing {
      guard !isCoded else { return }
      capture.ending = .truncated
      capture.endingDetail = "\(count - Int64(bytes.count)) bytes of the body did not come"
    } else if !isClosed {
      capture.ending = .truncated
      capture.endingDetail = "the capture stops in the middle of the answer"
    }
  }
}
