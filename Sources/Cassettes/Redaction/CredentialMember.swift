/// The members of JSON objects whose strings authenticate.
///
/// Fewer than parameters are known by their name: in what models say, a `token` or a `key` is a word.
enum CredentialMember {
  /// The lengths of names that come into question.
  static let lengths = 6...24

  /// The names, in lower case and without `-` and `_`.
  private static let names: Set<[UInt8]> = Set(
    [
      "apikey", "xapikey", "xgoogapikey", "apitoken", "apisecret", "authorization",
      "proxyauthorization", "authorizationtoken", "authtoken", "accesstoken", "refreshtoken",
      "idtoken", "bearertoken", "sessiontoken", "securitytoken", "clientsecret", "secretkey",
      "secretaccesskey", "awssecretaccesskey", "awssessiontoken", "privatekey", "password",
      "passwd", "passphrase", "subscriptionkey",
    ].map { Array($0.utf8) })

  /// Of the first and the last two letters of each name one bit, so that hardly another string is
  /// looked at whole: there is one about every ten bytes of a stream.
  private static let outlines: [UInt64] = names.reduce(into: Array(repeating: 0, count: 512)) {
    outlines, name in
    let bit = outline(name[0], name[name.count - 2], name[name.count - 1])
    outlines[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  private static func outline(_ first: UInt8, _ beforeLast: UInt8, _ last: UInt8) -> Int {
    Int(first & 31) << 10 | Int(beforeLast & 31) << 5 | Int(last & 31)
  }

  /// Whether the string in that range of a text, which is no shorter than `lengths`, is the name of one.
  static func isNamed(_ range: Range<Int>, in text: [UInt8]) -> Bool {
    let end = range.upperBound
    let bit = outline(text[range.lowerBound], text[end - 2], text[end - 1])
    guard outlines[bit >> 6] >> UInt64(bit & 63) & 1 == 1 else { return false }
    let key = text[range].filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    return names.contains(key.map { ByteTraits.of($0).contains(.upper) ? $0 | 0x20 : $0 })
  }
}
