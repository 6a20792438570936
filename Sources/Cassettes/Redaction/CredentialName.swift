/// What the name of a member, a parameter, a field or a variable says of its value.
///
/// A name is taken apart into segments, whichever way it is written: `apiKey`, `API_KEY`, `x-api-key` and
/// `api.key` are the same. It names a credential where one of them is a word such as `token` or `password`,
/// unless what stands beside that word says that it is something else, as in `token_count` or
/// `primary_key`.
enum CredentialName {
  /// What a name says.
  enum Verdict {
    /// Nothing that authenticates.
    case innocent
    /// `token` or `key` alone, words for many things: the value must look like a credential.
    case ambiguous
    /// A plural such as `secrets`: what is in an object or array authenticates, a string need not.
    case plural
    /// A credential that is no number.
    case credential
    /// A password or the like, which a number can be too.
    case password
  }

  /// The longest name that is looked at.
  static let limitBytes = 80

  /// What a name says.
  static func verdict(of name: some Collection<UInt8>) -> Verdict {
    guard (2...limitBytes).contains(name.count), mayNameOne(name) else { return .innocent }
    let segments = CredentialSegments.split(name)
    var verdict = Verdict.innocent
    for index in segments.indices where CredentialSegments.isCredential(segments, at: index) {
      verdict = .credential
      if CredentialSegments.isPassword(segments[index]) { return .password }
    }
    let isAlone = segments.count == 1 && ["token", "key"].contains(segments[0])
    if isAlone { return .ambiguous }
    let hasPlural = segments.indices.contains { CredentialSegments.isPlural(segments, at: $0) }
    return verdict == .innocent && hasPlural ? .plural : verdict
  }

  /// Whether a text behind such a name is, or may be, a credential.
  static func namesText(_ name: some Collection<UInt8>) -> Bool {
    let verdict = verdict(of: name)
    return verdict != .innocent && verdict != .plural
  }

  /// Whether a name has the first letters of one of the words, or escapes: most have none.
  static func mayNameOne(_ name: some Collection<UInt8>) -> Bool {
    var last: UInt32 = 0
    for byte in name {
      if byte == UInt8(ascii: "\\") { return true }
      last = (last << 8 | UInt32(byte | 0x20)) & 0xFF_FFFF
      switch last {
      // key, tok, sec, pas, pwd, cre, aut, coo, ses, sig, jwt, bea
      case 0x6B6579, 0x746F6B, 0x736563, 0x706173, 0x707764, 0x637265, 0x617574, 0x636F6F, 0x736573,
        0x736967, 0x6A7774, 0x626561:
        return true
      default: break
      }
    }
    return false
  }

  /// Whether the value of an ambiguous name looks like a credential and like no word: six bytes or more,
  /// no space, letters and digits, or twenty without.
  static func looksLikeCredential(_ value: some Collection<UInt8>) -> Bool {
    guard value.count >= 6, value.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
      return false
    }
    let hasDigit = value.contains { ByteTraits.of($0).contains(.digit) }
    let hasLetter = value.contains {
      !ByteTraits.of($0).isDisjoint(with: [.upper, .lower])
    }
    return hasLetter && (hasDigit || value.count >= 20)
  }
}
