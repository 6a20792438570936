/// The grammar of a request's head, and of what frames its body. (RFC 9112, 3 and 5 to 7)
enum RequestGrammar {
  typealias Bytes = ArraySlice<UInt8>

  /// How the end of a body is known. (RFC 9112, 6.3)
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
  }

  /// A head, from its lines with the empty one that ends them.
  static func head(_ section: Bytes) throws(RequestSyntaxError) -> RequestHead {
    guard let end = section.firstIndex(of: newline) else { throw .invalid("it has no line") }
    let words = withoutReturn(section[..<end]).split(
      separator: space, omittingEmptySubsequences: false)
    guard words.count == 3 else { throw .invalid("its first line is not METHOD TARGET VERSION") }
    guard !words[0].isEmpty, words[0].allSatisfy(\.isTokenByte) else {
      throw .invalid("its method is not a token")
    }
    let method = String(decoding: words[0], as: UTF8.self)
    guard isTarget(words[1], method) else {
      throw .invalid("its target is neither a path nor a URL")
    }
    let isHTTP11: Bool
    switch String(decoding: words[2], as: UTF8.self) {
    case "HTTP/1.1": isHTTP11 = true
    case "HTTP/1.0": isHTTP11 = false
    case "HTTP/2.0" where method == "PRI": throw .foreign(.http2)
    default: throw .invalid("its version is neither HTTP/1.1 nor HTTP/1.0")
    }
    return RequestHead(
      method: method, target: String(decoding: words[1], as: UTF8.self), isHTTP11: isHTTP11,
      fields: try fields(section[(end + 1)...]))
  }

  /// Field lines, with the empty one that ends them.
  static func fields(_ section: Bytes) throws(RequestSyntaxError) -> [HeaderField] {
    var fields: [HeaderField] = []
    var rest = section
    while let end = rest.firstIndex(of: newline) {
      let line = withoutReturn(rest[..<end])
      rest = rest[(end + 1)...]
      if line.isEmpty { break }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
        line[..<colon].allSatisfy(\.isTokenByte)
      else { throw .invalid("a header field has no name") }
      let value = line[(colon + 1)...].withoutBlanksAround
      guard value.allSatisfy(\.isFieldContent) else {
        throw .invalid("a header field has a control character")
      }
      fields.append(HeaderField(String(decoding: line[..<colon], as: UTF8.self), bytes: value))
    }
    return fields
  }

  /// How the end of a request's body is known; a request that says two things is refused.
  static func framing(of head: RequestHead) throws(RequestSyntaxError) -> Framing {
    if head.method == "CONNECT" { return .none }
    let lengths = head.fields.values(of: "content-length")
    if head.fields.value(of: "transfer-encoding") != nil {
      guard lengths.isEmpty else {
        throw .invalid("it has both content-length and transfer-encoding")
      }
      // What passed it on may know no chunks and have framed it otherwise. (RFC 9112, 6.1)
      guard head.isHTTP11 else {
        throw .invalid("it has a transfer-encoding, which HTTP/1.0 does not have")
      }
      let codings = head.fields.list(of: "transfer-encoding")
      guard codings.last == "chunked" else {
        throw .invalid("its last transfer-encoding is not chunked")
      }
      guard codings.count == 1 else { throw .unknownCoding }
      return .chunked
    }
    guard let length = lengths.first else { return .none }
    guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy(\.isDigit),
      let count = Int(length)
    else { throw .invalid("its content-length is not a number") }
    return .length(count)
  }

  /// The size at the beginning of a chunk's line. (RFC 9112, 7.1)
  static func chunkSize(_ line: Bytes) throws(RequestSyntaxError) -> Int {
    guard let read = ChunkSizeLine(line) else { throw .invalid("a chunk has no size") }
    guard read.hasSoundExtensions else {
      throw .invalid("a chunk's size is followed by something that is not an extension")
    }
    return read.size
  }

  // MARK: Bytes

  private static let newline = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")

  private static func withoutReturn(_ line: Bytes) -> Bytes {
    line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  /// A path, a URL, or what CONNECT and OPTIONS take. (RFC 9112, 3.2)
  private static func isTarget(_ target: Bytes, _ method: String) -> Bool {
    guard target.allSatisfy({ $0 > space && $0 < 0x7F }), let first = target.first else {
      return false
    }
    if first == UInt8(ascii: "/") || method == "CONNECT" { return true }
    let rest = target.drop(while: \.isTokenByte)
    if rest.isEmpty { return target.elementsEqual("*".utf8) }
    return first.isTokenByte && rest.starts(with: "://".utf8)
  }
}
