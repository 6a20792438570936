/// The object or array that is the value of a credential: every string in it is to be covered, its
/// keys are not.
///
/// It can stop at any byte and go on when more has come.
struct NestedCredential {
  enum Step {
    /// Bytes of a string, to be covered.
    case cover(Range<Int>)
    /// It ended there.
    case end(Int)
    /// Nobody can tell what comes before more has come.
    case undecided(Int)
  }

  private enum Inside {
    case nothing, key, value, closing
  }

  /// The containers of which the kind is known; deeper ones count as arrays, so all in them is
  /// covered.
  private static let deepest = 64

  private let level: Int
  /// Whether strings are given as a whole, or as much of them as is looked at of a value, and not
  /// piece by piece.
  private let isWhole: Bool
  private var depth = 0
  /// Whether each open container is an object, the innermost in the lowest bit.
  private var objects: UInt64 = 0
  private var expectsKey = false
  private var inside = Inside.nothing

  /// Begins in front of its first bracket.
  init(level: Int, isWhole: Bool = false) {
    self.level = level
    self.isWhole = isWhole
  }

  /// Goes on from a place.
  mutating func step(from start: Int, in bytes: [UInt8], isFinal: Bool) -> Step {
    var place = start
    while place < bytes.count {
      let step: Step? =
        switch inside {
        case .closing: close(&place, in: bytes)
        case .key, .value: string(&place, in: bytes, isFinal: isFinal)
        case .nothing: structure(&place, in: bytes, isFinal: isFinal)
        }
      if let step { return step }
    }
    return isFinal ? .end(place) : .undecided(place)
  }

  /// Takes the quote that closes a string.
  private mutating func close(_ place: inout Int, in bytes: [UInt8]) -> Step? {
    guard case .quote(let quote) = JSONQuote.read(at: place, in: bytes, isFinal: true),
      quote.level == level
    else { return .end(place) }
    inside = .nothing
    place = quote.range.upperBound
    return nil
  }

  /// Takes what is there of a string.
  private mutating func string(_ place: inout Int, in bytes: [UInt8], isFinal: Bool) -> Step? {
    let text = CredentialText(until: .quote(level: level))
    let isValue = inside == .value
    let limit = isWhole && isValue ? place + SecretSearch.valueLookBytes : Int.max
    let (end, isEnded) = text.end(from: place, in: bytes, upTo: limit, isFinal: isFinal)
    if isWhole, isValue {
      guard isEnded || end >= limit || isFinal else { return .undecided(place) }
      // The rest of a longer one is passed over.
      if !isEnded { inside = .key }
    }
    if isEnded { inside = .closing }
    if isValue, end > place { return .cover(place..<end) }
    guard isEnded else { return .undecided(end) }
    place = end
    return nil
  }

  /// Takes one byte between strings, or the quote that opens one.
  private mutating func structure(_ place: inout Int, in bytes: [UInt8], isFinal: Bool) -> Step? {
    switch bytes[place] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      open(isObject: bytes[place] == UInt8(ascii: "{"))
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      objects >>= 1
      expectsKey = false
      if depth <= 0 { return .end(place + 1) }
    case UInt8(ascii: ","): expectsKey = objects & 1 == 1
    case UInt8(ascii: ":"): expectsKey = false
    case 0x0A, 0x0D:
      guard let next = endOfIndent(from: place, in: bytes, isFinal: isFinal) else {
        return .undecided(place)
      }
      guard next > place else { return .end(place) }
      place = next
      return nil
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      switch JSONQuote.read(at: place, in: bytes, isFinal: isFinal) {
      case .undecided: return .undecided(place)
      case .none(let next): place = max(next, place + 1)
      case .quote(let quote):
        if quote.level < level { return .end(place) }
        if quote.level == level { inside = expectsKey ? .key : .value }
        place = quote.range.upperBound
      }
      return nil
    default: break
    }
    place += 1
    return nil
  }

  private mutating func open(isObject: Bool) {
    depth += 1
    objects = objects << 1 | (isObject && depth <= Self.deepest ? 1 : 0)
    expectsKey = objects & 1 == 1
  }

  /// Where JSON goes on behind a line end, as where it is indented; the same place where it does
  /// not, as behind an event, and nil where nobody can tell.
  private func endOfIndent(from place: Int, in bytes: [UInt8], isFinal: Bool) -> Int? {
    guard level == 0 else { return place }
    switch ContinuedLine.start(behind: place, in: bytes, isFinal: isFinal) {
    case .none: return place
    case .undecided: return nil
    case .at(let next): return "\"{[]},:-0123456789tfn".utf8.contains(bytes[next]) ? next : place
    }
  }
}
