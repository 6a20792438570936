/// What a client gets out of the bytes of one answer, by the rules of HTTP/1.1. (RFC 9112)
package struct ResponseReader {
  /// The status code; nil where no whole head came.
  package private(set) var status: Int?

  /// The header fields.
  package private(set) var headers: [HeaderField] = []

  /// The body, without its framing.
  package private(set) var body: [UInt8] = []

  /// What did not come though the framing says that it must, as a clause; nil where nothing is
  /// missing.
  package private(set) var missing: String?

  /// Whether the framing says where the body ends, and not only the connection's end. (RFC 9112,
  /// 6.3)
  package private(set) var isSelfDelimited = true

  private let bytes: [UInt8]
  private var index = 0

  /// Reads the bytes of an answer to a POST.
  ///
  /// - Parameter bytes: All bytes that come, from the first status line on.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    missing = read()
  }

  /// Reads heads and body; returns what is missing.
  private mutating func read() -> String? {
    repeat {
      let start = index
      guard let line = line() else { return start == 0 ? "no answer came" : "the head was cut" }
      guard let head = StatusLine(line), head.version.hasPrefix("1.") else {
        return "the status line is invalid"
      }
      guard let fields = section() else { return "the head was cut" }
      headers = fields
      // A head of status 1xx is not the answer yet. (RFC 9110, 15.2)
      guard (100..<200).contains(head.status) else {
        status = head.status
        break
      }
    } while true
    if headers.list(of: "transfer-encoding") == ["chunked"] { return readChunks() }
    if let length = headers.value(of: "content-length").flatMap({ Int($0) }) {
      body = Array(bytes[index...].prefix(max(length, 0)))
      return body.count < length ? "\(length - body.count) bytes of the body did not come" : nil
    }
    body = Array(bytes[index...])
    isSelfDelimited = false
    return nil
  }

  /// The fields up to the next blank line; nil where it does not come.
  private mutating func section() -> [HeaderField]? {
    var section = HeaderSection()
    while let line = line() {
      if line.isEmpty { return section.fields }
      guard section.add(line) else { return nil }
    }
    return nil
  }

  private mutating func line() -> ArraySlice<UInt8>? {
    guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = bytes[index..<end]
    index = end + 1
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  /// Reads chunks up to the last one and the trailers. (RFC 9112, 7.1)
  private mutating func readChunks() -> String? {
    while true {
      guard index < bytes.count else { return "the last chunk did not come" }
      guard let line = line() else { return "a chunk-size line was cut" }
      guard let size = ChunkSizeLine(line)?.size else {
        return "'\(String(decoding: line.prefix(20), as: UTF8.self))' is not a chunk-size line"
      }
      guard size > 0 else { return section() == nil ? "the trailers were cut" : nil }
      let end = min(bytes.count - index, size)
      body += bytes[index..<(index + end)]
      index += end
      guard end == size else { return "a chunk was cut: \(size - end) bytes of it did not come" }
      guard bytes[index...].starts(with: [0x0d, 0x0a]) else {
        return "a chunk does not end with CR LF"
      }
      index += 2
    }
  }
}
