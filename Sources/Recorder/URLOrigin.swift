/// The scheme, host and port of a URL: what credentials are for. (RFC 6454, 4)
struct URLOrigin: Equatable {
  private let scheme: String
  private let authority: String

  /// The origin of an absolute URL.
  init(of url: String) {
    let bytes = Array(url.utf8)
    let mark = bytes.firstRange(of: Array("://".utf8))
    scheme = String(decoding: bytes[..<(mark?.lowerBound ?? 0)], as: UTF8.self).lowercased()
    let rest = bytes[(mark?.upperBound ?? 0)...].prefix { !"/?#\\".utf8.contains($0) }
    let host = rest.lastIndex(of: UInt8(ascii: "@")).map { rest[($0 + 1)...] } ?? rest
    let text = String(decoding: host, as: UTF8.self).lowercased()
    // An address of IPv6 has colons of its own.
    let hasPort = text.split(separator: "]", omittingEmptySubsequences: false).last?.contains(":")
    authority = hasPort == true ? text : text + (scheme == "https" ? ":443" : ":80")
  }
}
