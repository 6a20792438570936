/// What a line of a text gives to a name.
struct LineValue {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The least length of a password with a digit that stands in the middle of prose, or of what
  /// stands behind a word for other things too, like `auth`.
  private static let sureBytes = 12
  private static let leastBytes = 8
  private static let longBytes = 16

  /// Whether it is a credential, by the name that it is given to, by whether the two are all of
  /// their line or string (`isAlone`), and by whether the word of a scheme of authentication stands
  /// between them.
  func isCredential(
    of name: ArraySlice<UInt8>, _ verdict: CredentialName.Verdict, isAlone: Bool, hasScheme: Bool
  ) -> Bool {
    guard !bytes.isEmpty, !isDescription, !isCode else { return false }
    let hasDigit = bytes.contains { ByteTraits.of($0).contains(.digit) }
    let looks = CredentialName.looksLikeCredential(bytes)
    guard isAlone else {
      return !verdict.judgesValue && looks && hasDigit
        && bytes.count >= (hasScheme || !Self.isWeak(name) ? Self.sureBytes : Self.longBytes)
    }
    switch verdict {
    case .password: return !isWord || !Self.isCapitalized(name)
    case .credential where hasScheme || !Self.isWeak(name): return looks
    case .credential: return looks && hasDigit && bytes.count >= Self.longBytes
    case .token, .ambiguous: return looks && hasDigit && bytes.count >= Self.sureBytes
    case .plural, .generated: return verdict.takes(bytes)
    case .innocent: return false
    }
  }

  /// Whether it looks like a credential whatever it is given to.
  var looksSure: Bool {
    bytes.count >= Self.leastBytes && CredentialName.looksLikeCredential(bytes)
      && !bytes.contains(UInt8(ascii: ","))
  }

  /// Whether a file of settings gives it to a name behind a `=`: code has words, brackets and the
  /// prefixes of strings there.
  func isSetting(of name: ArraySlice<UInt8>) -> Bool {
    let isConstant = !name.contains { ByteTraits.of($0).contains(.lower) }
    return bytes.count > 2 && (isConstant || !isWord)
      && !bytes.contains { "[]{}<>".utf8.contains($0) }
  }

  /// Whether it tells what kind of value stands there, or that there is none.
  var isDescription: Bool {
    bytes.count <= 12
      && Self.descriptions.contains(String(decoding: bytes, as: UTF8.self).lowercased())
  }

  /// Whether it is code, a reference or a placeholder.
  var isCode: Bool {
    guard let first = bytes.first else { return true }
    if "$<{([>=&!|%@*".utf8.contains(first) || bytes.contains(UInt8(ascii: "(")) { return true }
    if bytes.firstRange(of: Array("://".utf8)) != nil { return true }
    if bytes.contains(where: { ByteTraits.of($0).contains(.digit) }) { return false }
    let isName = bytes.allSatisfy {
      ByteTraits.of($0).contains(.dotted) || "$[]?!".utf8.contains($0)
    }
    let text = String(decoding: bytes.prefix(80), as: UTF8.self).lowercased()
    return isName
      && (CredentialName.verdict(of: bytes.prefix(80)) != .innocent
        || Self.references.contains { text.hasPrefix($0) })
  }

  /// Whether it is a word of prose: nothing but letters, and no more than a word has.
  private var isWord: Bool {
    bytes.count < Self.sureBytes && bytes.allSatisfy { $0 >= 0x80 || Self.isLetter($0) }
      && bytes.dropFirst().allSatisfy { !ByteTraits.of($0).contains(.upper) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    !ByteTraits.of(byte).isDisjoint(with: [.upper, .lower]) || "-.!?:".utf8.contains(byte)
  }

  /// Whether a name is written as the first word of a sentence.
  private static func isCapitalized(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first, let second = name.dropFirst().first else { return false }
    return ByteTraits.of(first).contains(.upper) && ByteTraits.of(second).contains(.lower)
  }

  /// Whether a name's last word is one for other things too.
  private static func isWeak(_ name: ArraySlice<UInt8>) -> Bool {
    CredentialSegments.split(name).last.map {
      ["auth", "authorization", "signature", "credential", "credentials", "id", "bearer"].contains(
        $0)
    } ?? true
  }

  private static let descriptions: Set<String> = [
    "string", "str", "text", "number", "integer", "int", "float", "boolean", "bool", "object",
    "array", "list", "null", "none", "nil", "undefined", "true", "false", "yes", "no", "required",
    "optional", "missing", "invalid", "incorrect", "wrong", "expired", "hidden", "redacted",
    "masked", "unset", "empty", "default", "any", "unknown", "never", "bytes", "varchar", "secret",
    "password", "the", "a", "an", "your", "my", "our", "this", "that", "not", "see", "use", "must",
    "should", "is", "for", "to", "of", "in", "and", "or", "if", "ok", "example", "changeme",
    "placeholder", "basic", "bearer", "digest", "oauth", "oauth2",
  ]

  private static let references = [
    "process.env", "os.environ", "environ", "env.", "config.", "settings.", "self.", "this.",
    "args.", "options.", "props.", "your", "my_", "my-", "xxx", "...",
  ]
}
