internal import HTTP

/// Undoes the chunked transfer coding of a body that comes in pieces, which may end anywhere.
struct ChunkedBody {
  /// Whether the last chunk and the trailers are there.
  var isOver: Bool { parser.isOver }
  /// What is wrong with the coding, as a clause, or nil.
  private(set) var failure: String?
  /// What is missing where nothing more comes, as a clause, or nil.
  var missing: String? { failure == nil ? parser.missingAtEnd() : nil }

  private var parser = ResponseParser()
  /// What came behind the last byte of the body: the last chunk's line and the trailers.
  private var tail: [UInt8] = []

  private static let head = Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".utf8)

  /// Creates a body of which nothing has come.
  init() {
    Self.head.withUnsafeBufferPointer { head in
      var position = 0
      while case .head = parser.next(head, from: &position) { break }
    }
  }

  /// Takes a piece, and appends what of it is body.
  mutating func take(_ bytes: ArraySlice<UInt8>, into body: inout [UInt8]) {
    guard failure == nil else { return }
    bytes.withUnsafeBufferPointer { bytes in
      var position = 0
      while true {
        let start = position
        switch parser.next(bytes, from: &position) {
        case .body(let range):
          body.append(contentsOf: bytes[range])
          tail.removeAll(keepingCapacity: true)
        case .head: continue
        case .needsMore, .end:
          tail.append(contentsOf: bytes[start..<position])
          return
        case .failure(let why):
          failure = why
          return
        }
      }
    }
  }

  /// The trailer fields, once the body is over.
  var trailers: [HeaderField] {
    guard isOver else { return [] }
    var section = HeaderSection()
    let lines = tail.split(separator: 0x0A).drop { line in
      line.allSatisfy { $0 == 0x0D }
    }
    for line in lines.dropFirst() where !line.allSatisfy({ $0 == 0x0D }) {
      guard section.add(line) else { break }
    }
    return section.fields
  }

  /// The body of a request or answer that is chunked and whole, or nil where it is not.
  static func unframed(_ bytes: ArraySlice<UInt8>, by fields: [HeaderField]) -> [UInt8]? {
    guard fields.list(of: "transfer-encoding").contains("chunked") else { return nil }
    var body: [UInt8] = []
    var chunks = ChunkedBody()
    chunks.take(bytes, into: &body)
    return chunks.isOver ? body : nil
  }

  /// Whether bytes that stand where a chunked body begins are the body itself, its framing undone:
  /// their first line is no size, and does not end as one does.
  static func isUnframed(_ bytes: [UInt8]) -> Bool {
    guard let end = bytes.firstIndex(of: 0x0A) else {
      return bytes.count > 64 || bytes.first.map { !Self.isHex($0) } ?? false
    }
    guard end > 0, bytes[end - 1] == 0x0D else { return true }
    return end > 64
  }

  /// Whether a body begins with a chunk, as far as it is there.
  static func isFramed(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let end = bytes.prefix(64).firstIndex(of: 0x0A), end > bytes.startIndex,
      bytes[end - 1] == 0x0D
    else { return false }
    let digits = bytes.prefix(while: isHex)
    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
      bytes[digits.endIndex] == 0x0D || bytes[digits.endIndex] == UInt8(ascii: ";")
    else { return false }
    let behind = bytes[(end + 1)...].dropFirst(size)
    return behind.count < 2 || behind.starts(with: [0x0D, 0x0A])
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}
