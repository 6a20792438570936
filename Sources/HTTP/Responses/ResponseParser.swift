/// Reads the bytes of one answer as they come, in pieces of any size, by the rules of HTTP/1.1.
///
/// Of a body nothing is kept: each step says where in the piece at hand body bytes stand. What is
/// kept is one head at the most, and that is bounded; so are the lines between chunks, the trailers
/// and all heads of status 1xx together. No input is more than a failure. (RFC 9112)
package struct ResponseParser: Sendable {
  /// What was found in a piece.
  package enum Step: Equatable, Sendable {
    /// The piece is used up, and the answer goes on.
    case needsMore
    /// The head is there whole: `head` has it.
    case head
    /// Body bytes, where they stand in the piece.
    case body(Range<Int>)
    /// The answer is over; what is left of the piece does not belong to it.
    case end
    /// The answer is none that a client can take; why, as a clause.
    case failure(String)
  }

  /// How the body is delimited. (RFC 9112, 6.3)
  package enum Framing: Equatable, Sendable {
    case chunked
    case length(Int64)
    case untilClose
  }

  /// The head of an answer, whose status is not 1xx.
  package struct Head: Equatable, Sendable {
    /// The status code, from 200 on.
    package var status: Int
    /// The header fields, in order.
    package var fields: [HeaderField]
    /// How the body is delimited.
    package var framing: Framing
    /// Whether the connection can serve another request once the body is over. (RFC 9112, 9.3)
    package var persists: Bool
  }

  private enum State: Equatable, Sendable {
    case head
    case body(left: Int64)
    case untilClose
    case chunkSize(digits: Int)
    case chunkExtension
    case chunk(left: Int64)
    case chunkEnd(isBehindCarriageReturn: Bool)
    case trailers(isLineEmpty: Bool)
    case over
    case failed
  }

  /// The most bytes of what stands between two chunks: a size of 16 digits, and extensions.
  static let chunkLineLimitBytes = 4096

  /// The head, once it is there.
  package private(set) var head: Head?

  private let method: String
  private let headLimitBytes: Int
  private var state = State.head
  /// The part of a head that has come.
  private var heldHead: [UInt8] = []
  /// The size of the chunk whose line is being read.
  private var size: Int64 = 0
  /// The bytes of heads, of a line or of trailers so far, which are bounded.
  private var lineBytes = 0

  /// Creates a parser that stands before the first byte of an answer.
  ///
  /// - Parameters:
  ///   - method: what was asked with; the answer to a HEAD has no body.
  ///   - headLimitBytes: the most bytes that heads may have together, and trailers.
  package init(answering method: String = "POST", headLimitBytes: Int = 64 << 10) {
    self.method = method
    self.headLimitBytes = headLimitBytes
  }

  /// Gives up the fields of the head, once whoever needs them has looked: thousands of answers may
  /// be under way.
  package mutating func forgetFields() { head?.fields = [] }

  /// Whether the answer is over, and no byte more belongs to it.
  package var isOver: Bool { state == .over }

  /// Takes the next step through a piece.
  ///
  /// - Parameters:
  ///   - bytes: the piece.
  ///   - position: where in it reading goes on; moved behind what was read.
  /// - Returns: what was found; `needsMore` once the piece is used up.
  package mutating func next(_ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int) -> Step
  {
    while true {
      switch state {
      case .over: return .end
      case .failed: return .failure("the answer is broken")
      case .untilClose: return rest(of: bytes, from: &position)
      case .body(let left): return body(bytes, left: left, from: &position)
      case .chunk(let left):
        guard position < bytes.count else { return .needsMore }
        return chunk(bytes, left: left, from: &position)
      case .head:
        guard let step = readHead(bytes, from: &position) else { continue }
        return step
      case .chunkSize, .chunkExtension, .chunkEnd, .trailers:
        guard position < bytes.count else { return .needsMore }
        if let flaw = readLine(bytes, from: &position) { return fail(flaw) }
      }
    }
  }

  /// What is missing where the connection ends here, as a clause; nil where the answer is whole.
  package func missingAtEnd() -> String? {
    switch state {
    case .over, .untilClose: nil
    case .failed: "the answer is broken"
    case .head: heldHead.isEmpty && lineBytes == 0 ? "no answer came" : "the head was cut"
    case .body(let left): "\(left) bytes of the body did not come"
    case .chunk(let left): "a chunk was cut: \(left) bytes of it did not come"
    case .chunkEnd: "a chunk was cut"
    case .chunkSize(let digits) where digits == 0: "the last chunk did not come"
    case .chunkSize, .chunkExtension: "a chunk-size line was cut"
    case .trailers: "the trailers were cut"
    }
  }

  private mutating func fail(_ why: String) -> Step {
    state = .failed
    heldHead = []
    return .failure(why)
  }

  // MARK: Bodies

  private func rest(of bytes: UnsafeBufferPointer<UInt8>, from position: inout Int) -> Step {
    guard position < bytes.count else { return .needsMore }
    defer { position = bytes.count }
    return .body(position..<bytes.count)
  }

  private mutating func body(
    _ bytes: UnsafeBufferPointer<UInt8>, left: Int64, from position: inout Int
  ) -> Step {
    guard left > 0 else {
      state = .over
      return .end
    }
    guard position < bytes.count else { return .needsMore }
    let count = Int(min(Int64(bytes.count - position), left))
    state = .body(left: left - Int64(count))
    defer { position += count }
    return .body(position..<(position + count))
  }

  private mutating func chunk(
    _ bytes: UnsafeBufferPointer<UInt8>, left: Int64, from position: inout Int
  ) -> Step {
    let count = Int(min(Int64(bytes.count - position), left))
    let rest = left - Int64(count)
    state = rest == 0 ? .chunkEnd(isBehindCarriageReturn: false) : .chunk(left: rest)
    defer { position += count }
    return .body(position..<(position + count))
  }

  // MARK: Lines between chunks

  /// Reads one byte of what stands between chunks; returns what is wrong with it. (RFC 9112, 7.1)
  private mutating func readLine(
    _ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int
  ) -> String? {
    let byte = bytes[position]
    position += 1
    switch state {
    case .chunkSize(let digits): return readSize(byte, digits)
    case .chunkExtension:
      lineBytes += 1
      if byte == UInt8(ascii: "\n") { return endSize() }
      return lineBytes > Self.chunkLineLimitBytes ? "a chunk-size line does not end" : nil
    case .chunkEnd(let isBehindCarriageReturn):
      if byte == UInt8(ascii: "\r"), !isBehindCarriageReturn {
        state = .chunkEnd(isBehindCarriageReturn: true)
        return nil
      }
      guard byte == UInt8(ascii: "\n"), isBehindCarriageReturn else {
        return "a chunk does not end with CR LF"
      }
      beginSize()
      return nil
    case .trailers(let isLineEmpty):
      lineBytes += 1
      if byte == UInt8(ascii: "\n") {
        state = isLineEmpty ? .over : .trailers(isLineEmpty: true)
      } else if byte != UInt8(ascii: "\r") {
        state = .trailers(isLineEmpty: false)
      }
      return lineBytes > headLimitBytes
        ? "the trailers have more than \(headLimitBytes) bytes" : nil
    default: return nil
    }
  }

  private mutating func beginSize() {
    size = 0
    lineBytes = 0
    state = .chunkSize(digits: 0)
  }

  private mutating func readSize(_ byte: UInt8, _ digits: Int) -> String? {
    if let digit = byte.hexDigit {
      let (shifted, isTooLarge) = size.multipliedReportingOverflow(by: 16)
      let (sum, isStillTooLarge) = shifted.addingReportingOverflow(Int64(digit))
      guard !isTooLarge, !isStillTooLarge else { return "a chunk-size is too large" }
      // Zeros in front make no number larger, and must end all the same.
      guard digits < Self.chunkLineLimitBytes else { return "a chunk-size line does not end" }
      size = sum
      state = .chunkSize(digits: digits + 1)
      return nil
    }
    guard digits > 0 else { return "a chunk-size line does not begin with a size" }
    if byte == UInt8(ascii: "\n") { return endSize() }
    guard byte == UInt8(ascii: "\r") || byte == UInt8(ascii: ";") || byte.isBlank else {
      return "a chunk-size line holds what is no size"
    }
    state = .chunkExtension
    return nil
  }

  private mutating func endSize() -> String? {
    lineBytes = 0
    state = size == 0 ? .trailers(isLineEmpty: true) : .chunk(left: size)
    return nil
  }
}

extension ResponseParser {
  /// Reads what a piece has of heads; nil where a head was there that is not the answer yet.
  private mutating func readHead(
    _ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int
  ) -> Step? {
    guard position < bytes.count else { return .needsMore }
    // The end may be split, so that up to three bytes of it have come.
    let known = max(0, heldHead.count - 3)
    let room = headLimitBytes - lineBytes - heldHead.count
    let added = min(bytes.count - position, max(0, room) + 1)
    heldHead.append(contentsOf: bytes[position..<(position + added)])
    guard Self.mayBegin(heldHead) else { return fail("what came is no answer of HTTP/1.1") }
    guard let end = Self.headEnd(of: heldHead, from: known) else {
      position += added
      return added > room ? fail("the head has more than \(headLimitBytes) bytes") : .needsMore
    }
    position += added - (heldHead.count - end)
    let text = heldHead[..<end]
    heldHead = []
    lineBytes += end
    return take(head: text)
  }

  /// Whether bytes can be the beginning of an answer.
  private static func mayBegin(_ bytes: [UInt8]) -> Bool {
    let name = "HTTP/1.".utf8
    return zip(bytes, name).allSatisfy { $0 == $1 }
  }

  /// The place behind the blank line that ends a head; lines may end with a lone LF. (RFC 9112,
  /// 2.2)
  private static func headEnd(of bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index < bytes.count {
        defer { index += 1 }
        guard bytes[index] == UInt8(ascii: "\n"), index > 0 else { continue }
        if bytes[index - 1] == UInt8(ascii: "\n") { return index + 1 }
        if index > 1, bytes[index - 1] == UInt8(ascii: "\r"),
          bytes[index - 2] == UInt8(ascii: "\n")
        {
          return index + 1
        }
      }
      return nil
    }
  }

  /// Takes a whole head; nil where it is not the answer yet. (RFC 9110, 15.2)
  private mutating func take(head text: ArraySlice<UInt8>) -> Step? {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst(), let line = StatusLine(first), line.version.hasPrefix("1.")
    else { return fail("the status line is invalid") }
    guard line.status != 101 else { return fail("the server changed to another protocol") }
    guard line.status >= 200 else {
      return line.status >= 100 ? nil : fail("the status is invalid")
    }
    var section = HeaderSection()
    for line in lines where !(line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")])) {
      guard section.add(line) else { return fail("the head is too long") }
    }
    switch Self.framing(of: section.fields, line, method) {
    case .success(let framing): begin(framing, line, section.fields)
    case .failure(let flaw): return fail(flaw.text)
    }
    return .head
  }

  private mutating func begin(
    _ framing: Framing, _ line: StatusLine, _ fields: [HeaderField]
  ) {
    let options = fields.list(of: "connection")
    let persists =
      framing != .untilClose && !options.contains("close")
      && (line.version != "1.0" || options.contains("keep-alive"))
    head = Head(status: line.status, fields: fields, framing: framing, persists: persists)
    switch framing {
    case .chunked: beginSize()
    case .length(let count): state = count == 0 ? .over : .body(left: count)
    case .untilClose: state = .untilClose
    }
    lineBytes = 0
  }

  private struct Flaw: Error {
    var text: String
  }

  /// How the body of an answer is delimited. (RFC 9112, 6.3)
  private static func framing(
    of fields: [HeaderField], _ line: StatusLine, _ method: String
  ) -> Result<Framing, Flaw> {
    if line.isBodiless(for: method) { return .success(.length(0)) }
    let codings = fields.list(of: "transfer-encoding").filter { !$0.isEmpty }
    if codings == ["chunked"] { return .success(.chunked) }
    guard codings.isEmpty else {
      return .failure(
        Flaw(text: "the transfer coding \(codings.joined(separator: ", ")) is unknown"))
    }
    switch DeclaredLength(fields) {
    case .none: return .success(.untilClose)
    case .count(let count): return .success(.length(count))
    case .invalid(let flaw): return .failure(Flaw(text: flaw))
    }
  }
}

extension UInt8 {
  /// What a hexadecimal digit counts; nil where it is none.
  fileprivate var hexDigit: UInt8? {
    if isDigit { return self - UInt8(ascii: "0") }
    let letter = self | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(letter)
      ? letter - UInt8(ascii: "a") + 10 : nil
  }
}
