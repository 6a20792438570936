/// The first line of a response. (RFC 9112, 4)
struct StatusLine: Equatable {
  /// `1.0`, `1.1`, `2` or `3`.
  let version: String
  let status: Int

  /// Reads a line, or is nil where it is no status line.
  init?(_ line: some Collection<UInt8>) {
    let parts = line.split(maxSplits: 2) { $0 == UInt8(ascii: " ") || $0 == 0x0D || $0 == 0x0A }
    guard parts.count >= 2, parts[0].starts(with: "HTTP/".utf8), parts[1].count == 3,
      parts[1].allSatisfy({ (0x30...0x39).contains($0) }),
      let status = Int(String(decoding: parts[1], as: UTF8.self))
    else { return nil }
    version = String(decoding: parts[0].dropFirst(5), as: UTF8.self)
    self.status = status
  }

  /// Whether no body follows the head, whatever its fields say. (RFC 9112, 6.3)
  func isBodiless(for method: String) -> Bool { method == "HEAD" || status == 204 || status == 304 }
}
