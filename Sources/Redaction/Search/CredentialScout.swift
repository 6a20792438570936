/// Goes through the object or array of a member whose name is one for many things, ahead of the
/// search, and finds the strings in it that authenticate by what they look like.
///
/// All else in it is searched as any text is. Each byte is passed over once, and what is undecided
/// is one string, of which as much is looked at as of any value.
struct CredentialScout: Sendable {
  private var nested: NestedCredential
  private let level: Int
  /// Up to where it has looked.
  private var position: Int
  /// Where the string begins that it has found.
  private var found: Int?
  private var isOver = false

  /// Begins at the first bracket.
  init(level: Int, at place: Int) {
    nested = NestedCredential(level: level, isWhole: true)
    self.level = level
    position = place
  }

  /// What it says of the text behind a place.
  enum Advice {
    /// Nothing stands there up to another place.
    case freeUpTo(Int)
    /// There a string begins that authenticates, of a level.
    case credential(at: Int, level: Int)
    /// It has seen all, and there is nothing.
    case over
  }

  /// Looks on from a place that the search has come to.
  mutating func look(from place: Int, in bytes: [UInt8], isFinal: Bool) -> Advice {
    while true {
      if let found, found >= place { return .credential(at: found, level: level) }
      found = nil
      if isOver { return .over }
      switch nested.step(from: position, in: bytes, isFinal: isFinal) {
      case .cover(let range):
        position = range.upperBound
        if CredentialName.looksGenerated(bytes[range]) { found = range.lowerBound }
      case .end(let end):
        position = end
        isOver = true
      case .undecided(let end):
        position = end
        return .freeUpTo(end)
      }
    }
  }

  /// Goes on in a text that begins later by so many bytes.
  mutating func move(by count: Int) {
    position -= count
    found = found.map { $0 - count }
  }
}

extension SecretSearch {
  /// Up to where the text may be searched before the scout is asked again, and the string that
  /// begins there, where it is one that authenticates.
  mutating func scouted(
    from place: Int, in bytes: [UInt8], isFinal: Bool
  ) -> (end: Int, credentialLevel: Int?) {
    switch scout?.look(from: place, in: bytes, isFinal: isFinal) {
    case .freeUpTo(let end): return (max(place, min(end, bytes.count)), nil)
    case .credential(let start, let level): return (start, level)
    case .over, nil:
      scout = nil
      return (bytes.count, nil)
    }
  }
}
