/// A part of a line, and from each of its bytes the places of a pattern that lead to a match in it.
///
/// It is read from its end to its beginning once; then a match, and the best of several, can be
/// read off from wherever one begins without ever trying a way that leads nowhere. (Frisch and
/// Cardelli, 2004)
struct PatternWindow {
  private let automaton: PatternAutomaton
  private let range: Range<Int>
  /// Of each byte the places that take it and lead to a match.
  private var sets: [UInt64]

  /// Reads a part of a text.
  init(
    _ automaton: PatternAutomaton, _ range: Range<Int>, of bytes: [UInt8],
    reusing memory: inout [UInt64]
  ) {
    self.automaton = automaton
    self.range = range
    sets = memory
    memory = []
    let words = automaton.words
    let needed = (range.count + 1) * words
    if sets.count < needed { sets = [UInt64](repeating: 0, count: needed) }
    for word in 0..<words { sets[range.count * words + word] = 0 }
    let steps = automaton.steps
    steps.shifts.withUnsafeBufferPointer { shifts in
      steps.fans.withUnsafeBufferPointer { fans in
        steps.bits.withUnsafeBufferPointer { bits in
          read(bytes, PatternStepper(shifts: shifts, fans: fans, bits: bits))
        }
      }
    }
  }

  /// Reads the part from its end to its beginning.
  private mutating func read(_ bytes: [UInt8], _ stepper: PatternStepper) {
    let (words, steps, hasAssertions) = (automaton.words, automaton.steps, automaton.hasAssertions)
    var table = steps.tables[0]
    var last = 0
    sets.withUnsafeMutableBufferPointer { sets in
      guard let base = sets.baseAddress else { return }
      for index in range.indices.reversed() {
        if hasAssertions {
          let context = Self.context(at: index + 1, in: bytes, automaton)
          table = steps.tables[context]
          last = context * words
        }
        let row = base + (index - range.lowerBound) * words
        let isBoundary = bytes.isCharacterBoundary(index + 1)
        for word in 0..<words { row[word] = isBoundary ? steps.last[last + word] : 0 }
        stepper.addSources(table, of: row + words, to: row, words: words)
        let taker = Int(bytes[index]) * words
        for word in 0..<words { row[word] &= automaton.takers[taker + word] }
      }
    }
  }

  /// Gives the memory back, for the next one.
  mutating func release(to memory: inout [UInt64]) {
    memory = sets
    sets = []
  }

  private static func context(
    at place: Int, in bytes: [UInt8], _ automaton: PatternAutomaton
  ) -> Int {
    guard automaton.hasAssertions else { return 0 }
    return PatternAutomaton.Context(
      between: place > 0 ? bytes[place - 1] : nil, and: place < bytes.count ? bytes[place] : nil
    ).rawValue
  }

  /// A match: its end, and what its groups match, or nil where it has passed none.
  struct Match {
    var end: Int
    var groups: [Range<Int>]?
  }

  /// The match that begins at a place, or nil where none does.
  func match(at start: Int, in bytes: [UInt8]) -> Match? {
    var context = Self.context(at: start, in: bytes, automaton)
    let words = automaton.words
    let row = (start - range.lowerBound) * words
    var begins = false
    for word in 0..<words {
      begins = begins || sets[row + word] & automaton.steps.first[context * words + word] != 0
    }
    guard begins, bytes.isCharacterBoundary(start) else { return nil }
    var place = start
    var number = 0
    var groupStart: Int?
    var groups: [Range<Int>] = []
    var hasGroups = false
    while place <= range.upperBound {
      let row = (place - range.lowerBound) * words
      let canEnd = place > start && bytes.isCharacterBoundary(place)
      let way = automaton.ways[context][number].first { way in
        guard let next = way.place else { return canEnd }
        return sets[row + next >> 6] >> UInt64(next & 63) & 1 == 1
      }
      guard let way else { return nil }
      hasGroups = hasGroups || way.entersGroup
      let isInGroup = way.place.map { automaton.isInGroup[$0] } ?? false
      if let begun = groupStart, !isInGroup {
        groups.append(begun..<place)
        groupStart = nil
      } else if groupStart == nil, isInGroup {
        groupStart = place
      }
      guard let next = way.place else {
        return Match(end: place, groups: hasGroups ? groups : nil)
      }
      number = automaton.numbers[next]
      place += 1
      context = Self.context(at: place, in: bytes, automaton)
    }
    return nil
  }
}
