/// A quote of a JSON text, or of one that is a string in another, and so on.
///
/// A quote of the text itself stands alone, one of a text in a string as `\"`, one of a text in a
/// string of that as `\\\"`, each with twice and one as many backslashes as the one before. Some
/// write `\u0022` for `\"`.
struct JSONQuote {
  /// The deepest that is told apart.
  static let deepest = 7

  /// How many strings the text that it belongs to stands in.
  let level: Int
  /// The quote, with the backslashes that belong to it.
  let range: Range<Int>

  enum Found {
    /// Backslashes and what they escape, or nothing: what stands at that place is plain.
    case none(next: Int)
    case quote(JSONQuote)
    /// Nobody can tell before more has come.
    case undecided
  }

  /// Reads what stands at a place where a quote is, or the first of some backslashes.
  static func read(at start: Int, in bytes: [UInt8], isFinal: Bool) -> Found {
    var place = start
    while place < bytes.count, bytes[place] == UInt8(ascii: "\\") { place += 1 }
    let backslashes = place - start
    guard place < bytes.count else {
      return isFinal || backslashes > 256 ? .none(next: place) : .undecided
    }
    switch bytes[place] {
    case UInt8(ascii: "\""):
      let level = (~backslashes).trailingZeroBitCount
      let length = 1 << min(level, deepest + 1)
      return .quote(JSONQuote(level: level, range: max(start, place + 1 - length)..<(place + 1)))
    case UInt8(ascii: "u") where backslashes > 0:
      let digits = bytes[place...].prefix(5)
      guard "u0022".utf8.starts(with: digits) else { return .none(next: place) }
      guard digits.count == 5 else { return isFinal ? .none(next: place) : .undecided }
      return .quote(
        JSONQuote(level: level(ofCodeBehind: backslashes), range: start..<(place + 5)))
    default: return .none(next: place)
    }
  }

  private static func level(ofCodeBehind backslashes: Int) -> Int {
    let halvings = backslashes.trailingZeroBitCount
    let odd = backslashes >> halvings
    return halvings + 1 + (~((odd - 1) / 2)).trailingZeroBitCount
  }

  /// What a name with escapes is, whatever its level: each `\u` with four digits is a byte.
  static func unescaped(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    var rest = name
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        output.append(byte)
        continue
      }
      rest = rest.drop { $0 == UInt8(ascii: "\\") }
      guard rest.first == UInt8(ascii: "u"), rest.count >= 5,
        let code = UInt16(String(decoding: rest.dropFirst().prefix(4), as: UTF8.self), radix: 16)
      else { continue }
      output.append(UInt8(exactly: code) ?? UInt8(ascii: "?"))
      rest = rest.dropFirst(5)
    }
    return output
  }
}

/// Where the last quote of each level ended on a line: with a quote, what stands in its string is
/// over.
///
/// Such a place may be one that the text does not reach back to any more, and then it is negative.
struct QuoteEnds {
  /// Stands for no quote.
  static let none = -(1 << 60)

  /// The end of the last quote of the text itself.
  var outermost = Self.none
  private var inner: [Int] = []

  subscript(level: Int) -> Int {
    get {
      if level == 0 { return outermost }
      guard level <= inner.count else { return Self.none }
      let end = inner[level - 1]
      let isOver = end <= outermost || inner[..<(level - 1)].contains { end <= $0 }
      return isOver ? Self.none : end
    }
    set {
      if level == 0 {
        outermost = newValue
        return
      }
      while inner.count < level { inner.append(Self.none) }
      inner[level - 1] = newValue
    }
  }

  /// Forgets all, as behind a line end.
  mutating func reset() {
    outermost = Self.none
    if !inner.isEmpty { inner.removeAll(keepingCapacity: true) }
  }

  /// Goes on in a text that begins later by so many bytes.
  mutating func move(by count: Int) {
    if outermost != Self.none { outermost -= count }
    for index in inner.indices where inner[index] != Self.none { inner[index] -= count }
  }
}
