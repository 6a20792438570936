// What a text says with `name: value`, as lines of YAML and of HTTP fields do, and with `NAME =
// value`, as settings do.
extension SecretSearch {
  /// A name in front of a colon, and how much says that it is one.
  private struct LineName {
    var bytes: ArraySlice<UInt8>
    /// Whether nothing but indentation, a quote or a mark of a list stands in front of it.
    var beginsLine: Bool
    /// Whether it stands in apostrophes, as in a dictionary of Python.
    var isQuoted = false
  }

  /// How what stands behind a value ends the line.
  private enum LineEnd {
    case undecided, none, end
  }

  /// What stands behind a colon, or a `=` with blanks around it, by the name in front of it.
  ///
  /// Prose has colons too, so that a value counts where it is the only word to the end of its line
  /// or string, stands in quotes, or can be nothing but a credential.
  mutating func line(at colon: Int, in bytes: [UInt8], isFinal: Bool) -> Outcome {
    let nothing = Outcome.next(colon + 1)
    let isAssignment = bytes[colon] == UInt8(ascii: "=")
    var nameEnd = colon
    if isAssignment {
      let floor = max(0, reportedEnd, colon - Self.indentBytes)
      while nameEnd > floor, " \t".utf8.contains(bytes[nameEnd - 1]) { nameEnd -= 1 }
    }
    guard let name = lineName(before: nameEnd, in: bytes) else { return nothing }
    let verdict = Self.verdict(ofLine: name.bytes)
    guard verdict != .innocent else { return nothing }
    let isSure = isFinal || bytes.count - colon >= Self.windowBytes
    var start = colon + 1
    guard skipBlanks(&start, in: bytes) else { return isSure ? nothing : .undecided }
    if Self.isCookie(name.bytes) {
      return cookie(from: start, in: bytes, isFinal, isSure) ?? nothing
    }
    var text: CredentialText
    var hasScheme = false
    switch opening(at: start, plain: .space, in: bytes, isFinal: isFinal) {
    case .undecided: return .undecided
    case .none: return nothing
    case .value(let found, let place, let isQuoted):
      (text, start) = (found, place)
      if isQuoted {
        return quoted(text, from: start, name, verdict, in: bytes, isFinal, isSure) ?? nothing
      }
    }
    guard !name.isQuoted else { return nothing }
    var limit = start + Self.valueLookBytes
    var (end, isEnded) = text.end(from: start, in: bytes, upTo: limit, isFinal: isFinal)
    guard isEnded || end >= limit || isSure else { return .undecided }
    if CredentialHeader.isScheme(bytes[start..<end]), end < bytes.count, bytes[end] == 0x20 {
      hasScheme = true
      start = end
      guard skipBlanks(&start, in: bytes) else { return isSure ? nothing : .undecided }
      limit = start + Self.valueLookBytes
      (end, isEnded) = text.end(from: start, in: bytes, upTo: limit, isFinal: isFinal)
      guard isEnded || end >= limit || isSure else { return .undecided }
    }
    let ending = lineEnd(from: end, in: bytes, isFinal: isFinal)
    if case .undecided = ending, !isSure { return .undecided }
    var last = end
    while last > start, ",;)]}".utf8.contains(bytes[last - 1]) { last -= 1 }
    let value = LineValue(bytes[start..<last])
    if isAssignment, !value.isSetting(of: name.bytes) { return nothing }
    var isAlone = if case .end = ending { name.beginsLine } else { false }
    // Code and places in files have no blank behind a colon.
    if bytes[colon + 1] != 0x20, bytes[colon + 1] != 0x09 { isAlone = isAlone && value.looksSure }
    guard isAlone || !isAssignment,
      value.isCredential(of: name.bytes, verdict, isAlone: isAlone, hasScheme: hasScheme),
      Self.isOpen(bytes[start..<last])
    else { return nothing }
    guard isEnded else {
      return .enter(.credential(text, .credentialVariable, goesOn: false), at: start)
    }
    return .found(Match(kind: .credentialVariable, range: start..<last))
  }

  /// A value in quotes, which prose has where it speaks of a word: only behind a name that begins a
  /// line or stands in quotes itself.
  private func quoted(
    _ text: CredentialText, from start: Int, _ name: LineName, _ verdict: CredentialName.Verdict,
    in bytes: [UInt8], _ isFinal: Bool, _ isSure: Bool
  ) -> Outcome? {
    guard name.beginsLine || name.isQuoted else { return nil }
    let limit = start + Self.valueLookBytes
    let (end, isEnded) = text.end(from: start, in: bytes, upTo: limit, isFinal: isFinal)
    guard isEnded || end >= limit || isSure else { return .undecided }
    let value = LineValue(bytes[start..<end])
    guard !value.isDescription, !value.isCode else { return nil }
    guard verdict.takes(bytes[start..<end]) else { return nil }
    return .enter(.credential(text, .credentialVariable, goesOn: false), at: start)
  }

  /// The pairs of a cookie, to the end of the line or string.
  private func cookie(
    from start: Int, in bytes: [UInt8], _ isFinal: Bool, _ isSure: Bool
  ) -> Outcome? {
    let text = CredentialText(until: .line)
    let limit = start + Self.valueLookBytes
    let (end, isEnded) = text.end(from: start, in: bytes, upTo: limit, isFinal: isFinal)
    guard isEnded || end >= limit || isSure else { return .undecided }
    let name = bytes[start..<end].prefix { ByteTraits.of($0).contains(.dotted) }
    guard !name.isEmpty, name.endIndex < end, bytes[name.endIndex] == UInt8(ascii: "=") else {
      return nil
    }
    return .enter(.credential(text, .credentialVariable, goesOn: false), at: start)
  }

  /// Passes over blanks; false where the text ends before something else comes.
  private func skipBlanks(_ place: inout Int, in bytes: [UInt8]) -> Bool {
    while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
    return place < bytes.count
  }

  /// Whether a line or a string ends at a place, but for blanks and a comment.
  private func lineEnd(from end: Int, in bytes: [UInt8], isFinal: Bool) -> LineEnd {
    var place = end
    guard skipBlanks(&place, in: bytes) else { return isFinal ? .end : .undecided }
    switch bytes[place] {
    case 0x0A, 0x0D, UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"): return .end
    case UInt8(ascii: "#"): return place > end ? .end : .none
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      switch JSONQuote.read(at: place, in: bytes, isFinal: isFinal) {
      case .undecided: return .undecided
      case .quote: return .end
      case .none(let next):
        return next < bytes.count && "nr".utf8.contains(bytes[next]) ? .end : .none
      }
    default: return .none
    }
  }

  /// What a name in front of a colon says: those of fields count too that have no such word.
  private static func verdict(ofLine name: ArraySlice<UInt8>) -> CredentialName.Verdict {
    let verdict = CredentialName.verdict(of: name)
    guard verdict == .innocent, !name.contains(0x20) else { return verdict }
    return isCookie(name) ? .credential : .innocent
  }

  private static func isCookie(_ name: ArraySlice<UInt8>) -> Bool {
    CredentialHeader.isCookie(String(decoding: name, as: UTF8.self))
  }

  /// The most bytes of blanks and marks of lists that count as indentation.
  private static let indentBytes = 64
  /// The longest word that may belong to a name as its first one, as in `API key:`.
  private static let firstWordBytes = 20

  /// Takes the name in front of a colon; none goes further back than the end of the last secret.
  private func lineName(before colon: Int, in bytes: [UInt8]) -> LineName? {
    let first = max(0, reportedEnd)
    guard colon > first else { return nil }
    let isQuoted = bytes[colon - 1] == UInt8(ascii: "'")
    let end = isQuoted ? colon - 1 : colon
    let floor = max(first, end - CredentialName.limitBytes - 1)
    var start = end
    while start > floor, ByteTraits.of(bytes[start - 1]).contains(.dotted) { start -= 1 }
    guard start < end, start == first || start > floor else { return nil }
    if start == reportedEnd { return LineName(bytes: bytes[start..<end], beginsLine: false) }
    if isQuoted {
      guard start > 0, bytes[start - 1] == UInt8(ascii: "'") else { return nil }
      return LineName(bytes: bytes[start..<end], beginsLine: false, isQuoted: true)
    }
    if start > 0, bytes[start - 1] == UInt8(ascii: "\\") {
      guard "nrt".utf8.contains(bytes[start]), start + 1 < end else { return nil }
      return LineName(bytes: bytes[(start + 1)..<end], beginsLine: true)
    }
    if start > 1, bytes[start - 1] == 0x20 {
      var word = start - 1
      let floor = max(first, word - Self.firstWordBytes)
      while word > floor, ByteTraits.of(bytes[word - 1]).contains(.alphanumeric) { word -= 1 }
      let isWhole = word == 0 || word > floor
      // The letter of an escape is no part of the word.
      if word > 0, bytes[word - 1] == UInt8(ascii: "\\"), word + 1 < start { word += 1 }
      if isWhole, word < start - 1 { start = word }
    }
    return LineName(bytes: bytes[start..<end], beginsLine: beginsLine(at: start, in: bytes))
  }

  /// Whether a line or a string begins at a place, but for indentation.
  private func beginsLine(at start: Int, in bytes: [UInt8]) -> Bool {
    var place = start
    let floor = max(0, reportedEnd, start - Self.indentBytes)
    while place > floor, " \t-*#>|+".utf8.contains(bytes[place - 1]) { place -= 1 }
    guard place > 0 else { return true }
    guard place != reportedEnd else { return false }
    switch bytes[place - 1] {
    case 0x0A, 0x0D, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "("), UInt8(ascii: ","):
      return true
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return place > 1 && bytes[place - 2] == UInt8(ascii: "\\")
    case UInt8(ascii: ":"): return bytes[..<place].suffix(5).elementsEqual("data:".utf8)
    default: return false
    }
  }
}

/// What a line of a text gives to a name.
private struct LineValue {
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
