/// What to say where http and https have been confused.
package enum SchemeAdvice {
  /// The URL that a text without a scheme was meant to be: `127.0.0.1:4311/x` as `http://…`; nil
  /// where it has one.
  ///
  /// What has a port or is a loopback name is a server in development; all others speak TLS.
  package static func completed(_ text: String) -> String? {
    let authority = text.prefix { !"/?#".contains($0) }
    guard !text.contains("://"), let first = authority.first,
      first.isLetter || first.isNumber || first == "[",
      !authority.contains("@"), !authority.contains(where: \.isWhitespace)
    else { return nil }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    let hasPort = parts.count > 1 && parts.last.map { UInt16($0) != nil } ?? false
    guard parts.count == 1 || hasPort || first == "[" else { return nil }
    let isNear = hasPort || authority.hasPrefix("127.") || authority.hasPrefix("localhost")
    guard isNear || authority.contains(".") || first == "[" else { return nil }
    return "\(isNear || first == "[" ? "http" : "https")://\(text)"
  }

  /// The end of an error about a URL: what to write in place of it.
  package static func advice(on text: String) -> String {
    completed(text).map { "has no scheme: write \($0)" }
      ?? "is not an http or https URL: write one such as https://host/path"
  }

  /// What TLS libraries say of an answer without TLS.
  private static let plainWords = [
    "wrong version number", "http request", "packet length too long", "unexpected tls packet",
  ]

  /// What libcurl's words on a failed transfer mean where the scheme was the wrong one, or nil.
  ///
  /// The words are those of the TLS library that it is built with: OpenSSL and its kin, then
  /// GnuTLS.
  static func hint(code: Int, text: String) -> String? {
    let text = text.lowercased()
    switch code {
    case 35 where plainWords.contains { text.contains($0) }:
      return "the server does not speak TLS: use http://"
    case 1 where text.contains("http/0.9"):
      return "the answer is not HTTP: if the server speaks TLS, use https://"
    default: return nil
    }
  }
}
