/// Finds what one pattern matches in bytes that grow.
///
/// It reads each line when it is whole, or as much of it as may be withheld, with all ways to match
/// at once, so that no pattern needs more than a bounded number of steps for a byte, and nothing
/// depends on how the bytes were cut. Of several matches the leftmost counts, and of those that
/// begin there the one that the pattern prefers.
package struct PatternSearch: Sendable {
  /// The longest match, and what is withheld at most.
  static let limitBytes = 4096
  /// Up to so many bytes a match is found wherever it stands.
  ///
  /// Of one that is longer, another may hide the beginning.
  static let sureBytes = 2048

  private let automaton: PatternAutomaton

  /// The bytes before this are settled.
  package private(set) var position = 0
  /// The bytes before this hold no line end that counts.
  private var scanned = 0
  /// Whether a match was cut off at the limit: it goes on to the end of the word that it is in.
  private var goesOn = false
  private var memory: [UInt64] = []

  /// Creates a search in a text of which nothing has come yet.
  package init(_ pattern: Pattern) { automaton = pattern.automaton }

  /// Looks at what has come since the last call.
  ///
  /// - Parameters:
  ///   - bytes: All that has come so far.
  ///   - isFinal: Whether this is all: then `position` is its end.
  ///   - found: What is found is added to it, in the order of the text.
  package mutating func search(
    _ bytes: [UInt8], isFinal: Bool, _ found: inout [Range<Int>]
  ) {
    while true {
      if goesOn { takeWord(in: bytes, &found) }
      skip(in: bytes)
      guard position < bytes.count else { return }
      scanned = max(scanned, position)
      let limit = position + Self.limitBytes - 1
      let near = scanned..<max(scanned, min(limit, bytes.count))
      if let end = bytes[near].firstIndex(where: ByteSet.lineEnds.contains) {
        search(position..<end, startingBefore: end, isCut: false, in: bytes, &found)
      } else if bytes.count > limit {
        let startEnd = limit - Self.sureBytes
        search(position..<limit, startingBefore: startEnd, isCut: true, in: bytes, &found)
      } else if isFinal {
        let end = bytes.count
        search(position..<end, startingBefore: end, isCut: false, in: bytes, &found)
      } else {
        scanned = bytes.count
        return
      }
    }
  }

  /// Goes on in a text of which the first bytes are gone.
  package mutating func forget(_ count: Int) {
    position -= count
    scanned -= count
  }

  /// Passes over what cannot begin a match.
  private mutating func skip(in bytes: [UInt8]) {
    let first = automaton.firstBytes
    while position < bytes.count, !first.contains(bytes[position]) { position += 1 }
  }

  /// Reads a part of a line, and finds the matches that begin before a place.
  private mutating func search(
    _ range: Range<Int>, startingBefore startEnd: Int, isCut: Bool, in bytes: [UInt8],
    _ found: inout [Range<Int>]
  ) {
    var window = PatternWindow(automaton, range, of: bytes, reusing: &memory)
    defer { window.release(to: &memory) }
    while position < startEnd {
      guard let match = window.match(at: position, in: bytes) else {
        position += 1
        continue
      }
      Self.report(match, from: position, in: bytes, &found)
      position = match.end
      // What takes all up to the limit would have taken more; a character may be left.
      goesOn = isCut && match.end + 4 > range.upperBound
      if goesOn { return }
    }
  }

  /// Finds the rest of a word, to the next space, quote or line end.
  private mutating func takeWord(in bytes: [UInt8], _ found: inout [Range<Int>]) {
    let end =
      bytes[position...].firstIndex { $0 <= 0x20 || "\"'`<>".utf8.contains($0) } ?? bytes.count
    if end > position { found.append(position..<end) }
    goesOn = end == bytes.count
    position = end
  }

  /// Adds what a match finds: its groups where it has some, with every character that they touch.
  private static func report(
    _ match: PatternWindow.Match, from start: Int, in bytes: [UInt8], _ found: inout [Range<Int>]
  ) {
    guard let groups = match.groups else {
      return found.append(start..<match.end)
    }
    for group in groups {
      var (low, high) = (group.lowerBound, group.upperBound)
      while low > start, !bytes.isCharacterBoundary(low) { low -= 1 }
      while high < match.end, !bytes.isCharacterBoundary(high) { high += 1 }
      if low < high { found.append(low..<high) }
    }
  }
}
