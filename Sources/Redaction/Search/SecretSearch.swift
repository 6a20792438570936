/// Finds what authenticates in bytes that grow, each byte examined a bounded number of times.
///
/// What it finds does not depend on how the bytes were cut: a place where a secret may begin is
/// held until the bytes that decide it have come, 4 KiB at the most.
struct SecretSearch: Sendable {
  /// A secret, or the part of one that has come since the last call.
  struct Match {
    let kind: SecretKind
    let range: Range<Int>
    /// Whether it belongs to the secret that was reported before.
    var goesOn = false
    /// Whether it is a JSON number, which must stay one.
    var isNumber = false
  }

  /// What the position is in.
  enum Mode {
    case text
    case shape(SecretShape)
    case credential(CredentialText, SecretKind, goesOn: Bool)
    case nested(NestedCredential, goesOn: Bool)
    /// A string in which nothing is looked for.
    case opaque(CredentialText)
  }

  /// What is to be done at a place.
  enum Outcome {
    /// Nothing begins there: go on at that place.
    case next(Int)
    /// Nobody can tell before more has come.
    case undecided
    /// Another mode begins at that place.
    case enter(Mode, at: Int)
    case found(Match)
    /// A scout goes ahead from that place.
    case scout(level: Int, from: Int)
  }

  /// How far behind a place what decides about it can stand.
  static let windowBytes = SecretCandidate.windowBytes

  /// The bytes before this are settled: they are no secret, or were reported.
  var position = 0
  var mode = Mode.text
  /// What the names of members said before.
  var names = NameMemo()
  var candidate: SecretCandidate?
  /// The end of the last secret: what stands behind it begins a word, whatever it was.
  var reportedEnd = -1
  /// The length of the text before which nothing new can be decided.
  private var sleepsUntil = 0
  /// The end of the last quote of each level on this line.
  var quotes = QuoteEnds()
  /// Where no member of the object that it is in says that a `token` there is one of a text.
  var secretTokens: (level: Int, range: Range<Int>)?
  /// What goes ahead in an object or array that may hold credentials.
  var scout: CredentialScout?
  /// Whether `data` is encrypted on this line.
  var isThinking = false

  /// The next secret, or nil when all that can be decided has been.
  ///
  /// `bytes` are those of the last call and what has come since; what was reported may have been
  /// overwritten by bytes that belong to no word. `isFinal` says that nothing more will come.
  mutating func next(in bytes: [UInt8], isFinal: Bool) -> Match? {
    guard isFinal || bytes.count >= sleepsUntil else { return nil }
    sleepsUntil = 0
    while true {
      if case .text = mode {
        if let found = searchText(bytes, isFinal: isFinal) { return found }
        if case .text = mode { return nil }
      } else {
        if let found = goOn(in: bytes, isFinal: isFinal) { return found }
        // What has not ended needs more.
        guard case .text = mode else { return nil }
      }
    }
  }

  /// Goes on with what has begun; nil where it ended, or where more must come.
  private mutating func goOn(in bytes: [UInt8], isFinal: Bool) -> Match? {
    switch mode {
    case .text: return nil
    case .shape(let shape): return continueRun(shape, in: bytes, isFinal: isFinal)
    case .credential(let text, let kind, let goesOn):
      return cover(text, kind, goesOn: goesOn, in: bytes, isFinal: isFinal)
    case .nested(let nested, let goesOn):
      return cover(nested, goesOn: goesOn, in: bytes, isFinal: isFinal)
    case .opaque(let text):
      let (end, isEnded) = text.end(from: position, in: bytes, isFinal: isFinal)
      position = end
      if isEnded { mode = .text }
      return nil
    }
  }

  /// Looks for the beginning of something; nil where there is nothing more, or the mode changes.
  private mutating func searchText(_ bytes: [UInt8], isFinal: Bool) -> Match? {
    var place = position
    while true {
      let (end, credentialLevel) = scouted(from: place, in: bytes, isFinal: isFinal)
      place = SecretTriggers.next(
        in: bytes, from: place, to: end, wordStart: reportedEnd, lastQuote: &quotes.outermost)
      guard place < end else {
        position = max(position, place)
        if let level = credentialLevel {
          quotes[level] = place
          let text = CredentialText(until: .quote(level: level))
          mode = .credential(text, .credentialMember, goesOn: false)
        }
        return nil
      }
      switch outcome(at: place, in: bytes, isFinal: isFinal) {
      case .next(let next): place = next
      case .undecided:
        position = place
        return nil
      case .enter(let mode, let start):
        position = start
        self.mode = mode
        return nil
      case .found(let match): return match
      case .scout(let level, let start):
        if scout == nil { scout = CredentialScout(level: level, at: start) }
        place = start
      }
    }
  }

  private mutating func outcome(
    at place: Int, in bytes: [UInt8], isFinal: Bool
  ) -> Outcome {
    switch bytes[place] {
    case 0x0A, 0x0D:
      quotes.reset()
      isThinking = false
      return .next(place + 1)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      switch JSONQuote.read(at: place, in: bytes, isFinal: isFinal) {
      case .undecided: return .undecided
      case .none(let next):
        if next < bytes.count, bytes[next] == UInt8(ascii: "/") {
          return sleeping(userInformation(at: place, in: bytes, isFinal: isFinal), place, bytes)
        }
        return .next(max(next, place + 1))
      case .quote(let quote):
        return sleeping(member(endingAt: quote, in: bytes, isFinal: isFinal), place, bytes)
      }
    case UInt8(ascii: ":"):
      let named = sleeping(line(at: place, in: bytes, isFinal: isFinal), place, bytes)
      if case .next = named { return shape(at: place, in: bytes, isFinal: isFinal) }
      return named
    case UInt8(ascii: "="):
      return sleeping(variable(at: place, in: bytes, isFinal: isFinal), place, bytes)
    case UInt8(ascii: "/"):
      return sleeping(userInformation(at: place, in: bytes, isFinal: isFinal), place, bytes)
    default: return shape(at: place, in: bytes, isFinal: isFinal)
    }
  }

  /// Notes of what is undecided when it is worth while to look again: when twice as much has come.
  private mutating func sleeping(
    _ outcome: Outcome, _ place: Int, _ bytes: [UInt8]
  ) -> Outcome {
    switch outcome {
    case .undecided:
      sleepsUntil = min(place + 2 * (bytes.count - place), place + Self.windowBytes)
    case .found(let match):
      position = match.range.upperBound
      reportedEnd = position
    case .next, .enter, .scout: break
    }
    return outcome
  }
}

extension SecretSearch {
  /// Goes on in a text of which the first bytes are gone, those before `position` but for some that
  /// it may look back at.
  mutating func forget(_ count: Int) {
    position -= count
    reportedEnd = max(-1, reportedEnd - count)
    sleepsUntil = max(0, sleepsUntil - count)
    quotes.move(by: count)
    candidate?.move(by: count)
    scout?.move(by: count)
    secretTokens = secretTokens.map { known in
      (known.level, (known.range.lowerBound - count)..<(known.range.upperBound - count))
    }
  }
}

// What goes on behind its beginning.
extension SecretSearch {
  private mutating func cover(
    _ text: CredentialText, _ kind: SecretKind, goesOn: Bool, in bytes: [UInt8], isFinal: Bool
  ) -> Match? {
    let start = position
    let (end, isEnded) = text.end(from: start, in: bytes, isFinal: isFinal)
    position = end
    let isOpen = Self.isOpen(bytes[start..<end])
    mode = isEnded ? .text : .credential(text, kind, goesOn: goesOn || isOpen)
    guard isOpen else { return nil }
    reportedEnd = end
    return Match(kind: kind, range: start..<end, goesOn: goesOn)
  }

  private mutating func cover(
    _ nested: NestedCredential, goesOn: Bool, in bytes: [UInt8], isFinal: Bool
  ) -> Match? {
    var nested = nested
    while true {
      switch nested.step(from: position, in: bytes, isFinal: isFinal) {
      case .cover(let range):
        position = range.upperBound
        guard Self.isOpen(bytes[range]) else { continue }
        mode = .nested(nested, goesOn: true)
        reportedEnd = position
        return Match(kind: .credentialMember, range: range, goesOn: goesOn)
      case .end(let place):
        position = place
        quotes.reset()
        mode = .text
        return nil
      case .undecided(let place):
        position = place
        mode = .nested(nested, goesOn: goesOn)
        return nil
      }
    }
  }

  /// Whether something of a text is not covered.
  static func isOpen(_ text: ArraySlice<UInt8>) -> Bool {
    text.contains { $0 != UInt8(ascii: "*") }
  }
}
