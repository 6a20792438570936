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

  /// The letters that names end with, so that hardly another string is looked at whole.
  private static let lastLetters = ByteSet(names.compactMap(\.last)).ignoringCase

  /// Whether a key is the name of one.
  static func isNamed(_ key: ArraySlice<UInt8>) -> Bool {
    guard let last = key.last, lastLetters.contains(last) else { return false }
    let plain = key.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }.map { byte in
      ByteTraits.of(byte).contains(.upper) ? byte | 0x20 : byte
    }
    return names.contains(plain)
  }
}
