/// Takes HTTP/1.1 requests apart, from bytes that come in any pieces: a value that does no input or
/// output.
///
/// Parts are asked for, so that what a client sends behind a request stays bytes until that is
/// answered. Between requests it holds nothing: what it kept would be kept for as long as a
/// stream plays. It takes what RFC 9112 lets a server take, and no more: a client that is tested
/// shall hear of its mistakes, and two readers of one request shall not differ. (RFC 9112, 11.2)
package struct RequestParser {
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

  /// The longest line with the size of a chunk: extensions mean nothing to a deck. (RFC 9112,
  /// 7.1.1)
  private static let chunkLineBytes = 4096

  private static let wrongChunk = RequestSyntaxError.invalid("a chunk is not as long as it says")

  private let headBytes: Int
  private var state = State.head
  private var bytes: [UInt8] = []
  /// Where in `bytes` what no part has been made of begins.
  private var start = 0
  /// How much of `bytes` is known to hold no line end, from where the last line begins.
  private var lineStart = 0
  private var scanned = 0

  /// How many bytes were looked at for a line end: none twice, however they come.
  package private(set) var searchedBytes = 0

  /// Begins in front of a request.
  ///
  /// - Parameter headBytes: the bytes of the largest head, the request line and the last empty line
  ///   included, and of the largest trailer section.
  package init(headBytes: Int) {
    self.headBytes = headBytes
  }

  /// Whether there are bytes that no part has been made of.
  package var hasBytes: Bool { start < bytes.count }

  /// How much memory they take up.
  package var storageBytes: Int { bytes.capacity }

  /// Whether a request has begun and not ended.
  package var isInside: Bool {
    if case .head = state { hasBytes } else { true }
  }

  /// Takes what the client sent.
  package mutating func feed(_ more: [UInt8]) {
    if case .failed = state { return }
    guard hasBytes else {
      bytes = more
      start = 0
      return
    }
    // What is read must not pile up where each piece ends within a line.
    if start > left {
      bytes.removeSubrange(..<start)
      start = 0
    }
    bytes += more
  }

  /// How many bytes no part has been made of.
  private var left: Int { bytes.count - start }

  /// Forgets what is left, and takes nothing more.
  package mutating func stop() {
    state = .failed
    forget()
  }

  /// The next part, or nil where more bytes are needed for it.
  ///
  /// - Throws: why what the client sent is no request, after which there are no more parts.
  package mutating func next() throws(RequestSyntaxError) -> RequestPart? {
    do {
      return try nextPart()
    } catch {
      stop()
      throw error
    }
  }

  private mutating func nextPart() throws(RequestSyntaxError) -> RequestPart? {
    while true {
      switch state {
      case .head:
        skipEmptyLines()
        try refuseForeign()
        guard let section = try section() else { return nil }
        return .head(try head(section))
      case .body(let left):
        guard let part = slice(upTo: left) else { return nil }
        state = part.count == left ? .end : .body(left: left - part.count)
        return .body(part)
      case .chunk(let left):
        guard let part = slice(upTo: left) else { return nil }
        state = part.count == left ? .chunkEnd : .chunk(left: left - part.count)
        return .body(part)
      case .chunkSize:
        guard let line = try line(atMost: Self.chunkLineBytes) else { return nil }
        let size = try RequestGrammar.chunkSize(line)
        state = size == 0 ? .trailers : .chunk(left: size)
      case .chunkEnd:
        guard let line = try line(atMost: 2) else { return nil }
        guard line.isEmpty else { throw Self.wrongChunk }
        state = .chunkSize
      case .trailers:
        guard let section = try section() else { return nil }
        _ = try RequestGrammar.fields(section)
        state = .end
      case .end:
        state = .head
        skipEmptyLines()
        // So that nothing is kept of it while it is answered.
        if !hasBytes { forget() }
        return .end
      case .failed: return nil
      }
    }
  }

  private mutating func head(_ section: ArraySlice<UInt8>) throws(RequestSyntaxError) -> RequestHead
  {
    let head = try RequestGrammar.head(section)
    switch try RequestGrammar.framing(of: head) {
    case .none, .length(0): state = .end
    case .length(let length): state = .body(left: length)
    case .chunked: state = .chunkSize
    }
    return head
  }

  /// Refuses what no request begins with, without waiting for an end of the line that may never
  /// come.
  private func refuseForeign() throws(RequestSyntaxError) {
    guard lineStart == 0, scanned == 0,
      let first = byte(at: 0),
      first != UInt8(ascii: "\r"), !first.isTokenByte
    else { return }
    let second = byte(at: 1)
    // The type of a handshake record, and the upper half of every version of TLS. (RFC 8446, 5.1)
    guard first == 0x16, second ?? 3 == 3 else { throw .invalid("its method is not a token") }
    if second != nil { throw .foreign(.tls) }
  }

  // MARK: Bytes

  private mutating func slice(upTo limit: Int) -> ArraySlice<UInt8>? {
    guard hasBytes else { return nil }
    return read(min(limit, left))
  }

  /// Empty lines in front of a request are left from the one before. (RFC 9112, 2.2)
  private mutating func skipEmptyLines() {
    guard lineStart == 0 else { return }
    while let first = byte(at: 0) {
      let isPair =
        first == UInt8(ascii: "\r")
        && byte(at: 1) == UInt8(ascii: "\n")
      guard isPair || first == UInt8(ascii: "\n") else { return }
      start += isPair ? 2 : 1
      scanned = 0
    }
  }

  /// The lines up to an empty one, which is taken too.
  private mutating func section() throws(RequestSyntaxError) -> ArraySlice<UInt8>? {
    while let end = lineEnd() {
      let length = end - lineStart
      let isEmpty =
        length == 0
        || (length == 1
          && byte(at: lineStart) == UInt8(ascii: "\r"))
      lineStart = end + 1
      scanned = end + 1
      guard end < headBytes else { throw .headTooLarge }
      if isEmpty { return take(end + 1) }
    }
    guard left <= headBytes else { throw .headTooLarge }
    return nil
  }

  /// A line without its end, which is no bare line feed: a reader that takes one for a part of an
  /// extension would see another body. (RFC 9112, 2.2 allows it in the head only)
  private mutating func line(atMost limit: Int) throws(RequestSyntaxError) -> ArraySlice<UInt8>? {
    guard let end = lineEnd() else {
      guard left <= limit else { throw Self.wrongChunk }
      return nil
    }
    guard end <= limit, let line = take(end + 1) else { throw Self.wrongChunk }
    guard line.count >= 2, line[line.endIndex - 2] == UInt8(ascii: "\r") else {
      throw .invalid("a line of a chunk does not end with CR LF")
    }
    return line.dropLast(2)
  }

  /// How far it is to the next line end that was not found before.
  private mutating func lineEnd() -> Int? {
    let from = start + scanned
    guard let index = bytes[from...].firstIndex(of: UInt8(ascii: "\n")) else {
      searchedBytes &+= bytes.count - from
      scanned = left
      return nil
    }
    searchedBytes &+= index + 1 - from
    return index - start
  }

  private mutating func take(_ length: Int) -> ArraySlice<UInt8>? {
    lineStart = 0
    scanned = 0
    return read(length)
  }

  private mutating func read(_ length: Int) -> ArraySlice<UInt8> {
    defer { start += length }
    return bytes[start..<(start + length)]
  }

  /// The byte so far behind what parts were made of, or nil where it has not come.
  private func byte(at offset: Int) -> UInt8? {
    offset < left ? bytes[start + offset] : nil
  }

  private mutating func forget() {
    bytes = []
    start = 0
  }
}

/// Why what a client sent is no request.
package enum RequestSyntaxError: Error, Equatable {
  /// Its head is larger than the limit.
  case headTooLarge
  /// Its body is coded in a way that is not undone here. (RFC 9112, 6.1)
  case unknownCoding
  /// It is none, but another protocol's first bytes.
  case foreign(ForeignProtocol)
  /// What is wrong with it.
  case invalid(String)
}
