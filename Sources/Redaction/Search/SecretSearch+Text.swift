internal import Patterns

// What a text says with `NAME=value` and in URLs.
extension SecretSearch {
  /// Where a name stands in front of a `=`.
  private enum Place {
    /// In a URL or a form.
    case parameter
    /// Where a line or a string begins.
    case line
    /// Anywhere.
    case word
  }

  /// What stands behind a `=`, by the name in front of it.
  mutating func variable(at equals: Int, in bytes: [UInt8], isFinal: Bool) -> Outcome {
    let nothing = Outcome.next(equals + 1)
    if equals > 0, bytes[equals - 1] == 0x20 || bytes[equals - 1] == 0x09 {
      return line(at: equals, in: bytes, isFinal: isFinal)
    }
    guard let (name, place) = name(before: equals, in: bytes) else { return nothing }
    if let found = part(at: equals, name: name, in: bytes, isFinal: isFinal) { return found }
    let verdict = Self.verdict(of: name, at: place)
    guard verdict != .innocent else { return nothing }
    guard equals + 1 < bytes.count else { return isFinal ? nothing : .undecided }
    // What is written in lower case may be one of several parameters.
    let isLowerCase = name.contains { ByteTraits.of($0).contains(.lower) }
    let plain: CredentialText.Terminator =
      place == .parameter || isLowerCase ? .parameter : .space
    let text: CredentialText
    let start: Int
    let isQuoted: Bool
    switch opening(at: equals + 1, plain: plain, in: bytes, isFinal: isFinal) {
    case .undecided: return .undecided
    case .none: return nothing
    case .value(let found, let open, let inQuotes):
      guard !inQuotes || place != .parameter else { return nothing }
      (text, start, isQuoted) = (found, open, inQuotes)
    }
    // Each name looks at so much and no more, or a line of many names would be read once for each.
    let limit = start + Self.valueLookBytes
    let (end, isEnded) = text.end(from: start, in: bytes, upTo: limit, isFinal: isFinal)
    let isSure = isFinal || bytes.count - equals >= Self.windowBytes
    guard isEnded || end >= limit || isSure else { return .undecided }
    let value = bytes[start..<min(end, limit)]
    let isSetting = place == .line && !isLowerCase
    if CodeValue.isWord(value) || !isQuoted && CodeValue.isCode(value, ofSetting: isSetting) {
      return nothing
    }
    guard verdict.takes(value) else { return nothing }
    let kind: SecretKind = place == .parameter ? .credentialParameter : .credentialVariable
    return .enter(.credential(text, kind, goesOn: false), at: start)
  }

  private static func verdict(
    of name: ArraySlice<UInt8>, at place: Place
  ) -> CredentialName.Verdict {
    switch place {
    case .parameter: return CredentialParameter.verdict(inText: name)
    case .line: return CredentialName.verdict(of: name)
    case .word:
      let isVariable =
        name.contains { ByteTraits.of($0).contains(.upper) }
        && !name.contains { ByteTraits.of($0).contains(.lower) }
      return isVariable ? CredentialName.verdict(of: name) : .innocent
    }
  }

  /// How much of a value says whether it is one, and not code.
  static let valueLookBytes = 256

  /// How a value begins.
  enum Opening {
    case undecided, none
    /// Its text, and where that begins.
    case value(CredentialText, at: Int, isQuoted: Bool)
  }

  /// Looks at the beginning of a value, in quotes or without.
  func opening(
    at place: Int, plain: CredentialText.Terminator, in bytes: [UInt8], isFinal: Bool
  ) -> Opening {
    let plain = Opening.value(CredentialText(until: plain), at: place, isQuoted: false)
    switch bytes[place] {
    case UInt8(ascii: "'"):
      let text = CredentialText(until: .mark(bytes[place]))
      return .value(text, at: place + 1, isQuoted: true)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      switch JSONQuote.read(at: place, in: bytes, isFinal: isFinal) {
      case .undecided: return .undecided
      case .none: return plain
      case .quote(let quote):
        // A quote of the string that the name stands in ends it.
        guard quote.level <= JSONQuote.deepest, quotes[quote.level] == QuoteEnds.none else {
          return .none
        }
        let text = CredentialText(until: .quote(level: quote.level))
        return .value(text, at: quote.range.upperBound, isQuoted: true)
      }
    case let byte where "<>=".utf8.contains(byte) || byte <= 0x20: return .none
    default: return plain
    }
  }

  private static let nameBytes = ByteSet {
    ByteTraits.of($0).contains(.dotted) || "%[]".utf8.contains($0)
  }
  private static let lineHeads = [
    "export ", "set ", "SET ", "ENV ", "ARG ", "- ", "data: ", "data:", "-e ", "$env:",
  ].map { Array($0.utf8) }

  private func name(
    before equals: Int, in bytes: [UInt8]
  ) -> (ArraySlice<UInt8>, Place)? {
    guard equals > 0,
      ByteTraits.of(bytes[equals - 1]).contains(.dotted) || bytes[equals - 1] == 0x5D
    else { return nil }
    let floor = max(0, equals - CredentialName.limitBytes - 16)
    var start = equals
    while start > floor, Self.nameBytes.contains(bytes[start - 1]) { start -= 1 }
    guard start == 0 || start > floor else { return nil }
    let name = bytes[start..<equals]
    guard start > 0 else { return (name, .line) }
    switch bytes[start - 1] {
    case UInt8(ascii: "\\"): return Self.behindEscape(name)
    case UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"):
      return (name, .parameter)
    case 0x0A, 0x0D, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return (name, .line)
    default: break
    }
    if let code = name.lastIndex(of: UInt8(ascii: "%")), equals - code > 3 {
      return (name[(code + 3)...], .parameter)
    }
    if name.starts(with: "--".utf8) { return (name.dropFirst(2), .line) }
    let isLine = Self.lineHeads.contains { head in
      start >= head.count && bytes[(start - head.count)..<start].elementsEqual(head)
    }
    return (name, isLine ? .line : .word)
  }

  /// What stands behind a backslash: an escape, and a name.
  private static func behindEscape(_ name: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Place)? {
    switch name.first {
    case UInt8(ascii: "n"), UInt8(ascii: "r"): (name.dropFirst(), .line)
    case UInt8(ascii: "t"): (name.dropFirst(), .word)
    case UInt8(ascii: "u"):
      switch String(decoding: name.dropFirst().prefix(4), as: UTF8.self).lowercased() {
      case "0026", "003f", "0023": (name.dropFirst(5), .parameter)
      case "000a", "0022", "0027": (name.dropFirst(5), .line)
      default: nil
      }
    default: nil
    }
  }

  /// The password of a URL whose `//` or `\/\/` stands at a place. (RFC 3986, 3.2.1)
  func userInformation(at place: Int, in bytes: [UInt8], isFinal: Bool) -> Outcome {
    let isEscaped = bytes[place] == UInt8(ascii: "\\")
    let slashes = Array((isEscaped ? "\\/\\/" : "//").utf8)
    let nothing = Outcome.next(place + (isEscaped ? 2 : 1))
    guard place > 1, bytes[place - 1] == UInt8(ascii: ":"),
      ByteTraits.of(bytes[place - 2]).contains(.alphanumeric)
    else { return nothing }
    let here = bytes[place..<min(place + slashes.count, bytes.count)]
    guard slashes.starts(with: here) else { return nothing }
    let start = place + slashes.count
    let limit = start + 512
    let end =
      start < bytes.count
      ? bytes[start..<min(limit, bytes.count)].firstIndex { Self.authorityEnds.contains($0) } : nil
    guard let end = end ?? (isFinal || bytes.count >= limit ? min(limit, bytes.count) : nil) else {
      return .undecided
    }
    guard start < end, let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")),
      let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":")), colon + 1 < at,
      !CodeValue.isReference(bytes[(colon + 1)..<at]), Self.isOpen(bytes[(colon + 1)..<at])
    else { return nothing }
    return .found(Match(kind: .userInformation, range: (colon + 1)..<at))
  }

  private static let authorityEnds = ByteSet { $0 <= 0x20 || "\"'`<>\\/?#{}".utf8.contains($0) }
}
