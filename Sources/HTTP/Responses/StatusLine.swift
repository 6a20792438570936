/// The first line of a response. (RFC 9112, 4)
package struct StatusLine: Equatable {
  /// `1.0`, `1.1`, `2` or `3`.
  package let version: String

  /// The status code, three digits.
  package let status: Int

  /// Reads a line, or is nil where it is no status line.
  package init?(_ line: some Collection<UInt8>) {
    let parts = line.split(maxSplits: 2) { $0 == UInt8(ascii: " ") || $0 == 0x0D || $0 == 0x0A }
    guard parts.count >= 2, parts[0].starts(with: "HTTP/".utf8), parts[1].count == 3,
      parts[1].allSatisfy(\.isDigit),
      let status = Int(String(decoding: parts[1], as: UTF8.self))
    else { return nil }
    version = String(decoding: parts[0].dropFirst(5), as: UTF8.self)
    self.status = status
  }

  /// Whether no body follows the head, whatever its fields say. (RFC 9112, 6.3)
  package func isBodiless(for method: String) -> Bool {
    method == "HEAD" || status == 204 || status == 304
  }
}
