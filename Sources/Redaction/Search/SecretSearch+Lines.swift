// What a text says with `name: value`, as lines of YAML and of HTTP fields do, and with `NAME =
// value`, as settings do.
extension SecretSearch {
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
    guard let name = lineName(endingBefore: colon, in: bytes) else { return nothing }
    let verdict = Self.verdict(ofLine: name.bytes)
    guard verdict != .innocent else { return nothing }
    let isSure = isFinal || bytes.count - colon >= Self.windowBytes
    var start = colon + 1
    guard skipBlanks(&start, in: bytes) else { return isSure ? nothing : .undecided }
    if Self.isCookie(name.bytes) {
      return cookie(from: start, in: bytes, isFinal, isSure) ?? nothing
    }
    switch opening(at: start, plain: .space, in: bytes, isFinal: isFinal) {
    case .undecided: return .undecided
    case .none: return nothing
    case .value(let text, let place, isQuoted: true):
      return quoted(text, from: place, name, verdict, in: bytes, isFinal, isSure) ?? nothing
    case .value(let text, let place, isQuoted: false):
      guard !name.isQuoted else { return nothing }
      let word = LineWord(text: text, start: place, mark: colon)
      return plain(word, name, verdict, in: bytes, isFinal, isSure) ?? nothing
    }
  }

  /// A value without quotes.
  private struct LineWord {
    let text: CredentialText
    var start: Int
    /// The colon or `=` in front of it.
    let mark: Int
  }

  /// A value without quotes, behind the word of a scheme where there is one; nil where it is no
  /// credential.
  private func plain(
    _ word: LineWord, _ name: LineName, _ verdict: CredentialName.Verdict, in bytes: [UInt8],
    _ isFinal: Bool, _ isSure: Bool
  ) -> Outcome? {
    var start = word.start
    guard var (end, isEnded) = end(of: word.text, from: start, in: bytes, isFinal, isSure) else {
      return .undecided
    }
    let hasScheme =
      CredentialHeader.isScheme(bytes[start..<end]) && end < bytes.count && bytes[end] == 0x20
    if hasScheme {
      start = end
      guard skipBlanks(&start, in: bytes) else { return isSure ? nil : .undecided }
      guard let behind = self.end(of: word.text, from: start, in: bytes, isFinal, isSure) else {
        return .undecided
      }
      (end, isEnded) = behind
    }
    let ending = lineEnd(from: end, in: bytes, isFinal: isFinal)
    if case .undecided = ending, !isSure { return .undecided }
    var last = end
    while last > start, ",;)]}".utf8.contains(bytes[last - 1]) { last -= 1 }
    let value = LineValue(bytes[start..<last])
    let isAssignment = bytes[word.mark] == UInt8(ascii: "=")
    if isAssignment, !value.isSetting(of: name.bytes) { return nil }
    var isAlone = if case .end = ending { name.beginsLine } else { false }
    // Code and places in files have no blank behind a colon.
    if ![0x20, 0x09].contains(bytes[word.mark + 1]) { isAlone = isAlone && value.looksSure }
    guard isAlone || !isAssignment,
      value.isCredential(of: name.bytes, verdict, isAlone: isAlone, hasScheme: hasScheme),
      Self.isOpen(bytes[start..<last])
    else { return nil }
    guard isEnded else {
      return .enter(.credential(word.text, .credentialVariable, goesOn: false), at: start)
    }
    return .found(Match(kind: .credentialVariable, range: start..<last))
  }

  /// The end of a value, of which as much is looked at as of any; nil where nobody can tell before
  /// more has come.
  private func end(
    of text: CredentialText, from start: Int, in bytes: [UInt8], _ isFinal: Bool, _ isSure: Bool
  ) -> (place: Int, isEnded: Bool)? {
    let limit = start + Self.valueLookBytes
    let (end, isEnded) = text.end(from: start, in: bytes, upTo: limit, isFinal: isFinal)
    return isEnded || end >= limit || isSure ? (end, isEnded) : nil
  }

  /// A value in quotes, which prose has where it speaks of a word: only behind a name that begins a
  /// line or stands in quotes itself.
  private func quoted(
    _ text: CredentialText, from start: Int, _ name: LineName, _ verdict: CredentialName.Verdict,
    in bytes: [UInt8], _ isFinal: Bool, _ isSure: Bool
  ) -> Outcome? {
    guard name.beginsLine || name.isQuoted else { return nil }
    guard let (end, _) = end(of: text, from: start, in: bytes, isFinal, isSure) else {
      return .undecided
    }
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
    guard let (end, _) = end(of: text, from: start, in: bytes, isFinal, isSure) else {
      return .undecided
    }
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
}
