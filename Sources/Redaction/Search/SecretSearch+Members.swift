// Members of JSON objects, at any level of JSON in strings.
extension SecretSearch {
  /// What a name says, and what its value is, where a quote ends the name of a member.
  ///
  /// Whether a quote opens or closes a string does not matter: what stands between two of them is a
  /// name where a colon follows.
  mutating func member(
    endingAt quote: JSONQuote, in bytes: [UInt8], isFinal: Bool
  ) -> Outcome {
    let level = quote.level
    guard level <= JSONQuote.deepest else { return .next(quote.range.upperBound) }
    let outcome = value(behind: quote, in: bytes, isFinal: isFinal)
    if case .undecided = outcome { return outcome }
    quotes[level] = quote.range.upperBound
    if case .enter(_, let place) = outcome { quotes[level] = place }
    return outcome
  }

  private mutating func value(
    behind quote: JSONQuote, in bytes: [UInt8], isFinal: Bool
  ) -> Outcome {
    let start = quotes[quote.level]
    let end = quote.range.lowerBound
    let next = quote.range.upperBound
    let nothing = Outcome.next(next)
    guard start >= 0, start < end, end - start <= CredentialName.limitBytes else { return nothing }
    let name = bytes[start..<end]
    if next < bytes.count, bytes[next] == UInt8(ascii: ",") || bytes[next] == UInt8(ascii: " "),
      let found = field(quote, name, in: bytes, isFinal)
    {
      return found
    }
    if next < bytes.count, ![0x3A, 0x20, 0x09, 0x5C, 0x0A, 0x0D].contains(bytes[next]) {
      if name.elementsEqual(JSONOpacity.redactedThinking) { isThinking = true }
      return nothing
    }
    let meaning = CredentialMember.meaning(of: name, isThinking: isThinking, &names)
    switch meaning {
    case .nothing: return nothing
    case .redactedThinking:
      isThinking = true
      return nothing
    case .opaque, .credential, .pair: break
    }
    let space = Space(level: quote.level, limit: end + Self.windowBytes, isFinal: isFinal)
    do throws(JSONGlance.Ended) {
      guard let place = try space.endOfColon(behind: next, in: bytes) else { return nothing }
      return try value(meaning, of: name, at: place, quote.level, in: bytes, isFinal) ?? nothing
    } catch {
      return isFinal || bytes.count - end >= Self.windowBytes ? nothing : .undecided
    }
  }

  /// What the value of a member is, by what its name says; nil where nothing is to be done.
  private mutating func value(
    _ meaning: CredentialMember.Meaning, of name: ArraySlice<UInt8>, at place: Int, _ level: Int,
    in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> Outcome? {
    switch meaning {
    case .credential(let verdict):
      return try credential(verdict, name, at: place, level: level, in: bytes, isFinal)
    case .opaque:
      return try openingQuote(at: place, level: level, in: bytes, isFinal).map { open in
        .enter(.opaque(CredentialText(until: .quote(level: level))), at: open)
      }
    case .pair:
      return try pairValue(at: place, behind: name.startIndex, level, in: bytes, isFinal)
    case .nothing, .redactedThinking: return nil
    }
  }

  /// What stands between the name of a member, its colon and its value.
  private struct Space {
    let level: Int
    /// Where to stop looking.
    let limit: Int
    let isFinal: Bool

    /// Where a value begins behind a name and its colon; nil where no colon follows.
    func endOfColon(
      behind name: Int, in bytes: [UInt8]
    ) throws(JSONGlance.Ended) -> Int? {
      var place = name
      guard skip(&place, in: bytes) else { throw JSONGlance.Ended() }
      guard bytes[place] == UInt8(ascii: ":") else { return nil }
      place += 1
      guard skip(&place, in: bytes) else { throw JSONGlance.Ended() }
      return place
    }

    /// Passes over it, escaped or not; false where the text ends before something else comes.
    private func skip(_ place: inout Int, in bytes: [UInt8]) -> Bool {
      let end = min(limit, bytes.count)
      while place < end {
        switch bytes[place] {
        case 0x20, 0x09: place += 1
        case 0x0A where level == 0, 0x0D where level == 0:
          switch ContinuedLine.start(behind: place, in: bytes, upTo: limit, isFinal: isFinal) {
          case .none: return true
          case .undecided: return false
          case .at(let next): place = next
          }
        case UInt8(ascii: "\\"):
          guard place + 1 < end else { return false }
          guard "nrt".utf8.contains(bytes[place + 1]) else { return true }
          place += 2
        default: return true
        }
      }
      return false
    }
  }

  /// The end of the quote that opens a string of a level at a place; nil where there is none.
  private func openingQuote(
    at place: Int, level: Int, in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> Int? {
    switch JSONQuote.read(at: place, in: bytes, isFinal: isFinal) {
    case .undecided: throw JSONGlance.Ended()
    case .none: return nil
    case .quote(let quote): return quote.level == level ? quote.range.upperBound : nil
    }
  }

  /// What the value of a member is that authenticates, or may; nil where nothing is to be done.
  private mutating func credential(
    _ verdict: CredentialName.Verdict, _ name: ArraySlice<UInt8>, at place: Int, level: Int,
    in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> Outcome? {
    let limit = name.startIndex + Self.windowBytes
    var glance = JSONGlance(bytes, from: place, to: limit, level: level)
    switch bytes[place] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if verdict == .ambiguous || verdict == .generated {
        return .scout(level: level, from: place)
      }
      var isInnocent = false
      do throws(JSONGlance.Ended) {
        isInnocent = try glance.isInnocentObject(besideToken: verdict == .token)
      } catch {
        guard isFinal || bytes.count >= limit else { throw error }
        isInnocent = glance.seemsSchema
      }
      return isInnocent
        ? nil : .enter(.nested(NestedCredential(level: level), goesOn: false), at: place)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return verdict == .password ? try number(at: place, in: bytes, isFinal, limit) : nil
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      return try string(verdict, name, at: place, level: level, in: bytes, isFinal)
    default: return nil
    }
  }

  /// What a string is that is the value of such a member.
  private mutating func string(
    _ verdict: CredentialName.Verdict, _ name: ArraySlice<UInt8>, at place: Int, level: Int,
    in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> Outcome? {
    guard let start = try openingQuote(at: place, level: level, in: bytes, isFinal) else {
      return nil
    }
    if verdict.judgesValue {
      let limit = name.startIndex + Self.windowBytes
      var glance = JSONGlance(bytes, from: start, to: limit, level: level)
      // Of a string that is longer all that may be seen counts.
      var end = limit
      _ = try decided(isFinal, bytes, limit) { () throws(JSONGlance.Ended) in
        end = try glance.stringEnd()
        return true
      }
      guard verdict.takes(bytes[start..<max(start, min(end, bytes.count))]) else { return nil }
      if verdict == .token, try isOfText(name, end, level: level, in: bytes, isFinal) {
        return nil
      }
    }
    let text = CredentialText(until: .quote(level: level))
    return .enter(.credential(text, .credentialMember, goesOn: false), at: start)
  }

  /// What a look ahead says; false where it has seen all that it may.
  private func decided(
    _ isFinal: Bool, _ bytes: [UInt8], _ limit: Int, _ look: () throws(JSONGlance.Ended) -> Bool
  ) throws(JSONGlance.Ended) -> Bool {
    do throws(JSONGlance.Ended) {
      return try look()
    } catch {
      guard isFinal || bytes.count >= limit else { throw error }
      return false
    }
  }

  /// A number, to be covered; one of which each digit is 1 is.
  private func number(
    at place: Int, in bytes: [UInt8], _ isFinal: Bool, _ limit: Int
  ) throws(JSONGlance.Ended) -> Outcome? {
    let end = bytes[place...].firstIndex { !"+-.eE0123456789".utf8.contains($0) } ?? bytes.count
    guard end < bytes.count || isFinal || bytes.count >= limit else { throw JSONGlance.Ended() }
    let isOpen = bytes[place..<end].contains {
      ByteTraits.of($0).contains(.digit) && $0 != UInt8(ascii: "1")
    }
    guard isOpen else { return nil }
    return .found(Match(kind: .credentialMember, range: place..<end, isNumber: true))
  }

  /// Whether what stands beside a `token` in its object says that it is one of a text.
  ///
  /// What was looked at for the `token` before in the same object is not looked at again.
  private mutating func isOfText(
    _ name: ArraySlice<UInt8>, _ end: Int, level: Int, in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> Bool {
    let known = secretTokens.flatMap {
      $0.level == level && $0.range.contains(name.startIndex) ? $0.range : nil
    }
    if known == nil, hasLogprob(before: name.startIndex, in: bytes) { return true }
    let start = max(end, known?.upperBound ?? end)
    let limit = min(end + Self.lookaheadBytes, name.startIndex + Self.windowBytes)
    var glance = JSONGlance(bytes, from: start, to: limit, level: level)
    let isOfText = try decided(isFinal, bytes, limit) { () throws(JSONGlance.Ended) in
      if start == end { _ = try glance.stringEnd() }
      return try glance.comesLogprob()
    }
    if !isOfText {
      let first = known?.lowerBound ?? end
      secretTokens = (level, first..<max(first, start, glance.flatEnd))
    }
    return isOfText
  }

  private static let textTokenWords = ["logprob", "logProb", "\"bytes\"", "tokenId"].map {
    Array($0.utf8)
  }

  /// Whether what stands before a name in its object says that it is about a token of a text.
  private func hasLogprob(before name: Int, in bytes: [UInt8]) -> Bool {
    var start = name
    let floor = max(0, name - Self.lookbackBytes)
    while start > floor, bytes[start - 1] != UInt8(ascii: "{") { start -= 1 }
    return (start..<name).contains { place in
      switch bytes[place] {
      case UInt8(ascii: "l"), UInt8(ascii: "\""), UInt8(ascii: "t"):
        Self.textTokenWords.contains { bytes[place..<name].starts(with: $0) }
      default: false
      }
    }
  }

  /// How far back it may look from where it stands.
  static let lookbackBytes = 256
  /// How far behind a `token` the members of its object are looked at.
  private static let lookaheadBytes = 512
}
