import Cassettes
import Documents
import Formats
import HTTP
import Testing

/// Small files as curl writes them, and reading them.
enum CurlSamples {
  /// Reads a file with a format, fed in pieces of a few bytes.
  static func read(
    _ bytes: [UInt8], with format: any ImportFormat, pieceBytes: Int = 1000
  ) throws -> [Capture] {
    var place = 0
    var captures: [Capture] = []
    let input = ImportInput(
      feed: { limit in
        let piece = Array(bytes[place...].prefix(min(limit, pieceBytes)))
        place += piece.count
        return piece
      }, fileName: "sample.txt", limits: DocumentLimits(nodeBytes: 1 << 20))
    try format.read(input) { captures.append($0) }
    return captures
  }

  static func read(_ text: String, with format: any ImportFormat) throws -> [Capture] {
    try read(Array(text.utf8), with: format)
  }

  /// Reads a file that has one exchange.
  static func one(_ text: String, with format: any ImportFormat) throws -> Capture {
    let captures = try read(text, with: format)
    #expect(captures.count == 1)
    return try #require(captures.first)
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  // MARK: Traces

  /// A record of `--trace`, with its rows.
  static func hex(_ time: String?, _ mark: String, _ text: String) -> String {
    let bytes = Array(text.utf8)
    var lines = heading(time, mark, bytes.count)
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let row = bytes[start..<min(start + 16, bytes.count)]
      let digits = row.map { two(Int($0), digits: 2) + " " }.joined()
      let shown = row.map { (0x20..<0x7F).contains($0) ? Character(UnicodeScalar($0)) : "." }
      let padding = String(repeating: "   ", count: 16 - row.count)
      lines += two(start, digits: 4) + ": " + digits + padding + String(shown) + "\n"
    }
    return lines
  }

  /// A record of `--trace-ascii`, with its rows.
  static func ascii(_ time: String?, _ mark: String, _ text: String) -> String {
    let bytes = Array(text.utf8)
    var lines = heading(time, mark, bytes.count)
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, end - start < 64, !bytes[end...].starts(with: [0x0D, 0x0A]) {
        end += 1
      }
      let shown = bytes[start..<end].map {
        (0x20..<0x7F).contains($0) ? Character(UnicodeScalar($0)) : "."
      }
      lines += two(start, digits: 4) + ": " + String(shown) + "\n"
      start = bytes[end...].starts(with: [0x0D, 0x0A]) ? end + 2 : end
    }
    return lines
  }

  static func info(_ time: String?, _ text: String) -> String {
    (time.map { $0 + " " } ?? "") + "== Info: \(text)\n"
  }

  private static func heading(_ time: String?, _ mark: String, _ count: Int) -> String {
    (time.map { $0 + " " } ?? "") + "\(mark), \(count) bytes (0x\(String(count, radix: 16)))\n"
  }

  private static func two(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  static let request =
    "POST /v1/messages HTTP/1.1\r\nHost: api.example.com\r\ncontent-length: 2\r\n\r\n"

  static let head = [
    "HTTP/1.1 200 OK\r\n", "date: Sun, 29 Nov 2026 23:59:59 GMT\r\n",
    "content-type: text/event-stream\r\n", "transfer-encoding: chunked\r\n", "\r\n",
  ]

  /// A trace of a chunked stream that passes midnight and is over at its end.
  static func trace(_ record: (String?, String, String) -> String, isTimed: Bool = true) -> String {
    func at(_ time: String) -> String? { isTimed ? time : nil }
    var text = info(at("23:59:59.000001"), "  Trying 127.0.0.1:80...")
    text += record(at("23:59:59.100000"), "=> Send header", request)
    text += record(at("23:59:59.200000"), "=> Send data", "{}")
    for line in head { text += record(at("23:59:59.700000"), "<= Recv header", line) }
    text += record(at("23:59:59.900000"), "<= Recv data", "f\r\ndata: {\"a\":1}\n\n\r\n0")
    text += record(at("00:00:00.200000"), "<= Recv data", "f\r\ndata: {\"a\":22}\n\r\n1\r\n\n\r\n")
    text += record(at("00:00:00.300000"), "<= Recv data", "0\r\n\r\n")
    return text + info(at("00:00:00.300100"), "Connection #0 to host 127.0.0.1 left intact")
  }

  static let body = "data: {\"a\":1}\n\ndata: {\"a\":22}\n\n"
}
