/// The header fields whose values authenticate.
enum CredentialHeader {
  /// Fields whose whole value goes.
  private static let cookies: Set<String> = ["cookie", "cookie2", "set-cookie", "set-cookie2"]

  private static let names: Set<String> = [
    "authorization", "proxy-authorization", "api-key", "apikey", "api_key", "x-apikey", "x-key",
    "x-goog-api-key", "x-goog-iap-jwt-assertion", "x-goog-iam-authorization-token",
    "x-auth", "x-auth-key", "x-token", "token", "access-token", "auth-token", "private-token",
    "job-token", "x-gitlab-token", "x-vault-token", "x-csrf-token", "x-xsrf-token",
    "x-functions-key", "x-ms-authorization-auxiliary", "x-amzn-oidc-accesstoken",
    "x-amzn-oidc-data", "x-amz-security-token", "x-portkey-virtual-key", "helicone-auth",
    "cf-access-client-secret", "cf-access-jwt-assertion", "ocp-apim-subscription-key",
    "x-rapidapi-key", "x-subscription-token", "x-api-token", "x-password", "x-secret",
    "authentication", "authentication-info", "proxy-authentication-info", "x-csrftoken",
    "x-user-token", "x-github-token", "x-figma-token", "x-sf-token", "circle-token",
    "x-litellm-key", "x-honeycomb-team", "x-insert-key", "x-query-key", "x-jfrog-art-api",
    "signature", "x-signature", "x-hub-signature", "x-hub-signature-256", "x-slack-signature",
  ]

  /// What names end with that nobody has made a list of, such as `x-acme-api-key`.
  private static let suffixes = [
    "authorization", "api-key", "apikey", "api-token", "auth-token", "access-token",
    "session-token", "security-token", "id-token", "refresh-token", "secret", "secret-key",
    "access-key", "subscription-key", "application-key", "private-key", "signing-key", "password",
  ].map { "-" + $0 }

  private static let schemes: Set<String> = [
    "basic", "bearer", "digest", "negotiate", "ntlm", "token", "apikey", "api-key", "key", "dpop",
    "gnap", "hawk", "hmac", "hoba", "mutual", "oauth", "scram-sha-1", "scram-sha-256", "sharedkey",
    "vapid", "aws4-hmac-sha256", "goog4-rsa-sha256", "goog4-hmac-sha256", "jwt",
  ]

  /// Whether a field of that name carries credentials.
  static func isNamed(_ name: String) -> Bool {
    let lower = name.lowercased()
    return cookies.contains(lower) || names.contains(lower)
      || suffixes.contains { lower.hasSuffix($0) }
  }

  /// Where the part of a value begins that must go, to its end; nil where the field carries no
  /// credentials.
  ///
  /// The scheme's word stays, so that a reader can tell how the request authenticated. (RFC 9110,
  /// 11.4)
  static func secretStart(in value: [UInt8], of name: String) -> Int? {
    guard isNamed(name) else { return nil }
    guard !cookies.contains(name.lowercased()), let space = value.firstIndex(of: 0x20),
      schemes.contains(String(decoding: value[..<space], as: UTF8.self).lowercased()),
      let start = value[space...].firstIndex(where: { $0 != 0x20 })
    else { return 0 }
    return start
  }

  /// Whether the field's value is a URL, whose parameters may carry credentials.
  static func holdsURL(_ field: HeaderField) -> Bool {
    ["location", "content-location", "referer", "operation-location", "azure-asyncoperation"]
      .contains(field.name.lowercased())
  }
}
