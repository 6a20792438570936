/// What the name of a member, a parameter, a field or a variable says of its value.
///
/// A name is taken apart into segments, whichever way it is written: `apiKey`, `API_KEY`,
/// `x-api-key` and `api.key` are the same. It names a credential where one of them is a word such
/// as `token` or `password`, unless what stands beside that word says that it is something else, as
/// in `token_count` or `primary_key`.
enum CredentialName {
  /// What a name says.
  enum Verdict {
    /// Nothing that authenticates.
    case innocent
    /// `token` alone, which may be one of a text: the value must look like a credential.
    case token
    /// A word for many things, as `key` alone or in `key_people`: the value must look like a
    /// credential.
    case ambiguous
    /// A word for even more things, as `keys` and `tokens`, or the parameter `code` in a text: the
    /// value must look as if a machine had made it.
    case generated
    /// A plural such as `secrets`: what is in an object or array authenticates, a string need not.
    case plural
    /// A credential that is no number.
    case credential
    /// A password or the like, which a number can be too.
    case password

    /// Whether a text under such a name must look like a credential.
    var judgesValue: Bool { self != .credential && self != .password }

    /// Whether a text under such a name authenticates.
    func takes(_ value: some Collection<UInt8>) -> Bool {
      switch self {
      case .innocent: false
      case .token, .ambiguous: CredentialName.looksLikeCredential(value)
      case .generated, .plural: CredentialName.looksGenerated(value)
      case .credential, .password: true
      }
    }
  }

  /// The longest name that is looked at.
  static let limitBytes = 80

  /// What a name says.
  static func verdict(of name: some Collection<UInt8>) -> Verdict {
    guard (2...limitBytes).contains(name.count), mayNameOne(name) else { return .innocent }
    // Most are just that, which need not be taken apart.
    if name.elementsEqual("token".utf8) { return .token }
    let segments = CredentialSegments.split(name)
    if segments == ["token"] { return .token }
    if segments == ["key"] { return .ambiguous }
    var verdict = Verdict.innocent
    for index in segments.indices {
      switch CredentialSegments.meaning(of: segments, at: index) {
      case .innocent: continue
      case .ambiguous: if verdict == .innocent { verdict = .ambiguous }
      case .credential:
        if CredentialSegments.isPassword(segments[index]) { return .password }
        verdict = .credential
      }
    }
    guard verdict == .innocent else { return verdict }
    if segments.indices.contains(where: { CredentialSegments.isPlural(segments, at: $0) }) {
      return .plural
    }
    return segments.indices.contains { CredentialSegments.isAmbiguousPlural(segments, at: $0) }
      ? .generated : .innocent
  }

  /// Whether a text behind such a name is, or may be, a credential.
  static func namesText(_ name: some Collection<UInt8>) -> Bool {
    switch verdict(of: name) {
    case .innocent, .plural, .generated: false
    case .token, .ambiguous, .credential, .password: true
    }
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

  /// Whether the value of an ambiguous name looks like a credential and like no word: six bytes or
  /// more, no space, letters and digits, or twenty without.
  static func looksLikeCredential(_ value: some Collection<UInt8>) -> Bool {
    guard value.count >= 6, value.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
      return false
    }
    var seen: ByteTraits = []
    for byte in value { seen.formUnion(ByteTraits.of(byte)) }
    guard !seen.isDisjoint(with: [.upper, .lower]), !isTime(value) else { return false }
    return seen.contains(.digit) || value.count >= 20
  }

  /// Whether a value has been made by a machine: no space, and twelve letters and digits in a row
  /// or more, of both kinds.
  static func looksGenerated(_ value: some Collection<UInt8>) -> Bool {
    guard value.count >= leastGenerated, looksLikeCredential(value) else { return false }
    var length = 0
    var seen: ByteTraits = []
    for byte in value {
      let traits = ByteTraits.of(byte)
      guard traits.contains(.alphanumeric) else {
        length = 0
        seen = []
        continue
      }
      length += 1
      seen.formUnion(traits)
      if length >= leastRun, seen.contains(.digit), !seen.isDisjoint(with: [.upper, .lower]) {
        return true
      }
    }
    return false
  }

  private static let leastGenerated = 16
  private static let leastRun = 12

  /// Whether it is a point in time, as `2025-11-29T07:30:00Z`. (RFC 3339, 5.6)
  private static func isTime(_ value: some Collection<UInt8>) -> Bool {
    value.allSatisfy { ByteTraits.of($0).contains(.digit) || "-:.+TZtz".utf8.contains($0) }
      && value.contains(UInt8(ascii: "-"))
  }
}
