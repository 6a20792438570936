internal import NIOCore
internal import NIOHTTP1

/// Takes HTTP/1.1 requests apart, from bytes that come in any pieces: a value that does no input or output.
///
/// Parts are asked for, so that what a client sends behind a request stays bytes until that is answered.
/// Between requests it holds nothing: a decoder in the channel's pipeline would cost each stream 2 KiB for
/// as long as it plays. It takes what RFC 9112 lets a server take, and no more: a client that is tested
/// shall hear of its mistakes, and two readers of one request shall not differ. (RFC 9112, 11.2)
struct RequestParser {
  private enum State {
    case head
    case body(left: Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailers
    case end
    case failed
  }

  /// The longest line with the size of a chunk: extensions mean nothing to a deck. (RFC 9112, 7.1.1)
  private static let chunkLineBytes = 4096

  private static let wrongChunk = RequestSyntaxError.invalid("a chunk is not as long as it says")

  private let headBytes: Int
  private var state = State.head
  private var bytes = ByteBuffer()
  /// How much of `bytes` is known to hold no line end, from where the last line begins.
  private var lineStart = 0
  private var scanned = 0

  /// - Parameter headBytes: the bytes of the largest head, the request line and the last empty line
  ///   included, and of the largest trailer section.
  init(headBytes: Int) {
    self.headBytes = headBytes
  }

  /// Whether there are bytes that no part has been made of.
  var hasBytes: Bool { bytes.readableBytes > 0 }

  /// How much memory they take up.
  var storageBytes: Int { bytes.capacity }

  /// Whether a request has begun and not ended.
  var isInside: Bool {
    if case .head = state { hasBytes } else { true }
  }

  /// Takes what the client sent.
  mutating func feed(_ more: ByteBuffer) {
    if case .failed = state { return }
    guard hasBytes else { return bytes = more }
    // What is read must not pile up where each piece ends within a line.
    if bytes.readerIndex > bytes.readableBytes { bytes.discardReadBytes() }
    bytes.writeImmutableBuffer(more)
  }

  /// Forgets what is left, and takes nothing more.
  mutating func stop() {
    state = .failed
    bytes = ByteBuffer()
  }

  /// The next part, or nil where more bytes are needed for it.
  ///
  /// - Throws: why what the client sent is no request, after which there are no more parts.
  mutating func next() throws(RequestSyntaxError) -> HTTPServerRequestPart? {
    do {
      return try nextPart()
    } catch {
      stop()
      throw error
    }
  }

  private mutating func nextPart() throws(RequestSyntaxError) -> HTTPServerRequestPart? {
    while true {
      switch state {
      case .head:
        skipEmptyLines()
        try refuseForeign()
        guard let section = try section() else { return nil }
        return .head(try head(section))
      case .body(let left):
        guard let part = slice(upTo: left) else { return nil }
        state = part.readableBytes == left ? .end : .body(left: left - part.readableBytes)
        return .body(part)
      case .chunk(let left):
        guard let part = slice(upTo: left) else { return nil }
        state = part.readableBytes == left ? .chunkEnd : .chunk(left: left - part.readableBytes)
        return .body(part)
      case .chunkSize:
        guard let line = try line(atMost: Self.chunkLineBytes) else { return nil }
        let size = try RequestGrammar.chunkSize(line.readableBytesView)
        state = size == 0 ? .trailers : .chunk(left: size)
      case .chunkEnd:
        guard let line = try line(atMost: 2) else { return nil }
        guard line.readableBytes == 0 else { throw Self.wrongChunk }
        state = .chunkSize
      case .trailers:
        guard let section = try section() else { return nil }
        _ = try RequestGrammar.fields(section.readableBytesView)
        state = .end
      case .end:
        state = .head
        skipEmptyLines()
        // So that nothing is kept of it while it is answered.
        if !hasBytes { bytes = ByteBuffer() }
        return .end(nil)
      case .failed: return nil
      }
    }
  }

  private mutating func head(_ section: ByteBuffer) throws(RequestSyntaxError) -> HTTPRequestHead {
    let head = try RequestGrammar.head(section.readableBytesView)
    switch try RequestGrammar.framing(of: head) {
    case .none, .length(0): state = .end
    case .length(let length): state = .body(left: length)
    case .chunked: state = .chunkSize
    }
    return head
  }

  /// Refuses what no request begins with, without waiting for an end of the line that may never come.
  private func refuseForeign() throws(RequestSyntaxError) {
    guard lineStart == 0, scanned == 0,
      let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self),
      first != UInt8(ascii: "\r"), !RequestGrammar.isToken(first)
    else { return }
    let second = bytes.getInteger(at: bytes.readerIndex + 1, as: UInt8.self)
    // The type of a handshake record, and the upper half of every version of TLS. (RFC 8446, 5.1)
    guard first == 0x16, second ?? 3 == 3 else { throw .invalid("its method is no token") }
    if second != nil { throw .foreign(.tls) }
  }

  // MARK: Bytes

  private mutating func slice(upTo limit: Int) -> ByteBuffer? {
    guard hasBytes else { return nil }
    return bytes.readSlice(length: min(limit, bytes.readableBytes))
  }

  /// Empty lines in front of a request are left from the one before. (RFC 9112, 2.2)
  private mutating func skipEmptyLines() {
    guard lineStart == 0 else { return }
    while let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) {
      let isPair =
        first == UInt8(ascii: "\r")
        && bytes.getInteger(at: bytes.readerIndex + 1, as: UInt8.self) == UInt8(ascii: "\n")
      guard isPair || first == UInt8(ascii: "\n") else { return }
      bytes.moveReaderIndex(forwardBy: isPair ? 2 : 1)
      scanned = 0
    }
  }

  /// The lines up to an empty one, which is taken too.
  private mutating func section() throws(RequestSyntaxError) -> ByteBuffer? {
    while let end = lineEnd() {
      let length = end - lineStart
      let isEmpty =
        length == 0
        || (length == 1
          && bytes.getInteger(at: bytes.readerIndex + lineStart) == UInt8(ascii: "\r"))
      lineStart = end + 1
      scanned = end + 1
      guard end < headBytes else { throw .headTooLarge }
      if isEmpty { return take(end + 1) }
    }
    guard bytes.readableBytes <= headBytes else { throw .headTooLarge }
    return nil
  }

  /// A line without its end, which is no bare line feed: a reader that takes one for a part of an
  /// extension would see another body. (RFC 9112, 2.2 allows it in the head only)
  private mutating func line(atMost limit: Int) throws(RequestSyntaxError) -> ByteBuffer? {
    guard let end = lineEnd() else {
      guard bytes.readableBytes <= limit else { throw Self.wrongChunk }
      return nil
    }
    guard end <= limit, var line = take(end + 1) else { throw Self.wrongChunk }
    guard line.readableBytes >= 2,
      line.getInteger(at: line.writerIndex - 2) == UInt8(ascii: "\r")
    else { throw .invalid("a line of a chunk does not end with CR LF") }
    line.moveWriterIndex(to: line.writerIndex - 2)
    return line
  }

  /// How far it is to the next line end that was not found before.
  private mutating func lineEnd() -> Int? {
    let view = bytes.readableBytesView.dropFirst(scanned)
    guard let index = view.firstIndex(of: UInt8(ascii: "\n")) else {
      scanned = bytes.readableBytes
      return nil
    }
    return index - bytes.readerIndex
  }

  private mutating func take(_ length: Int) -> ByteBuffer? {
    lineStart = 0
    scanned = 0
    return bytes.readSlice(length: length)
  }
}

/// Why what a client sent is no request.
enum RequestSyntaxError: Error, Equatable {
  /// Its head is larger than the limit.
  case headTooLarge
  /// Its body is coded in a way that is not undone here. (RFC 9112, 6.1)
  case unknownCoding
  /// It is none, but another protocol's first bytes.
  case foreign(ForeignProtocol)
  /// What is wrong with it.
  case invalid(String)
}
