/// The header fields whose values authenticate.
enum CredentialHeader {
  /// Fields whose whole value goes.
  private static let cookies: Set<String> = ["cookie", "cookie2", "set-cookie", "set-cookie2"]

  /// Names that have none of the words that `CredentialName` knows.
  private static let names: Set<String> = [
    "x-amzn-oidc-data", "authentication", "authentication-info", "proxy-authentication-info",
    "x-csrftoken", "x-honeycomb-team", "x-jfrog-art-api", "session", "x-session", "sid", "x-sid",
    "x-ms-authorization-auxiliary",
  ]

  private static let schemes: Set<String> = [
    "basic", "bearer", "digest", "negotiate", "ntlm", "token", "apikey", "api-key", "key", "dpop",
    "gnap", "hawk", "hmac", "hoba", "mutual", "oauth", "scram-sha-1", "scram-sha-256", "sharedkey",
    "vapid", "aws4-hmac-sha256", "goog4-rsa-sha256", "goog4-hmac-sha256", "jwt",
  ]

  /// Whether a word names a scheme of authentication.
  static func isScheme(_ word: ArraySlice<UInt8>) -> Bool {
    word.count <= 20 && schemes.contains(String(decoding: word, as: UTF8.self).lowercased())
  }

  /// Whether a field of that name has cookies.
  static func isCookie(_ name: String) -> Bool { cookies.contains(name.lowercased()) }

  /// Whether a field of that name carries credentials.
  static func isNamed(_ name: String) -> Bool {
    let lower = name.lowercased()
    if cookies.contains(lower) || names.contains(lower) { return true }
    return !lower.hasPrefix("access-control-")
      && CredentialName.namesText(lower.utf8)
  }

  /// Where the part of a value begins that must go, to its end; nil where the field carries no
  /// credentials.
  ///
  /// The scheme's word stays, so that a reader can tell how the request authenticated. (RFC 9110,
  /// 11.4)
  static func secretStart(in value: [UInt8], of name: String) -> Int? {
    guard isNamed(name) else { return nil }
    guard !isCookie(name), let space = value.firstIndex(of: 0x20), isScheme(value[..<space]),
      let start = value[space...].firstIndex(where: { $0 != 0x20 })
    else { return 0 }
    return start
  }

  /// Whether the value of a field of that name is a URL, whose parameters may carry credentials.
  static func holdsURL(_ name: String) -> Bool {
    ["location", "content-location", "referer", "operation-location", "azure-asyncoperation"]
      .contains(name.lowercased())
  }
}
