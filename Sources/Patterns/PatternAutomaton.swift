/// A pattern as places in it and what leads from each to which others.
///
/// A place is one set of bytes in the pattern (Glushkov, 1961). What leads from one to the next
/// depends on what must hold between two bytes, so there is one table for each combination of that.
final class PatternAutomaton: Sendable {
  /// One way on: to a place, or to a match.
  struct Way: Hashable, Sendable {
    /// The place, or nil where the pattern matches there.
    let place: Int?
    /// Whether a group begins on the way.
    let entersGroup: Bool
  }

  /// What must hold between two bytes, as bits.
  struct Context: OptionSet {
    let rawValue: Int
    static let lineStart = Context(rawValue: 1)
    static let lineEnd = Context(rawValue: 2)
    static let wordBoundary = Context(rawValue: 4)
    static let count = 8

    init(rawValue: Int) { self.rawValue = rawValue }

    /// What holds between two bytes; nil stands for the beginning and the end of the text.
    init(between previous: UInt8?, and next: UInt8?) {
      self = []
      if PatternAssertion.lineStart.holds(between: previous, and: next) { insert(.lineStart) }
      if PatternAssertion.lineEnd.holds(between: previous, and: next) { insert(.lineEnd) }
      if PatternAssertion.wordBoundary.holds(between: previous, and: next) { insert(.wordBoundary) }
    }

    func satisfies(_ assertion: PatternAssertion) -> Bool {
      switch assertion {
      case .lineStart: contains(.lineStart)
      case .lineEnd: contains(.lineEnd)
      case .wordBoundary: contains(.wordBoundary)
      case .insideWordOrSpace: !contains(.wordBoundary)
      }
    }
  }

  /// The most places that a pattern can have.
  static let limitPlaces = 2048
  /// The most ways from one place to another, of all places and contexts together.
  static let limitWays = 200_000

  /// The words of 64 bits that a set of places has.
  let words: Int
  /// Whether a place is in a group.
  let isInGroup: [Bool]
  /// Whether what must hold between bytes matters.
  let hasAssertions: Bool
  /// The bytes with which a match can begin.
  let firstBytes: ByteSet
  /// Of each byte the places that take it, `words` for each.
  let takers: [UInt64]
  /// The steps back from a set of places, for each context.
  let steps: PatternSteps
  /// The ways from the beginning and from behind each place, best first, for each context: the
  /// beginning's number is 0, a place's is in `numbers`.
  let ways: [[[Way]]]
  let numbers: [Int]

  /// - Throws: Where it would be too large.
  init(_ program: PatternProgram) throws(PatternError) {
    let instructions = program.instructions
    let places = Places(instructions)
    guard places.takes.count <= Self.limitPlaces else {
      throw PatternError(
        "it is too large: repetitions like {1,1000} are expanded: use smaller ones")
    }
    words = (places.takes.count + 63) / 64
    isInGroup = places.isInGroup
    firstBytes = program.firstBytes
    hasAssertions = instructions.contains { if case .assert = $0 { true } else { false } }
    takers = Self.takers(places.takes.map { instructions[$0] }, words: words)
    let (roots, numbers) = places.roots(in: instructions)
    self.numbers = numbers
    var ways: [[[Way]]] = []
    var left = Self.limitWays
    for context in 0..<(hasAssertions ? Context.count : 1) {
      ways.append([])
      for root in roots {
        let found = Self.ways(
          from: root, in: instructions, places.numbers, Context(rawValue: context))
        left -= found.count
        guard left >= 0 else { throw Self.tooComplex }
        ways[context].append(found)
      }
    }
    self.ways = ways
    var steps = PatternSteps()
    for ways in ways { try steps.add(ways, numbers: numbers, words: words) }
    self.steps = steps
  }

  /// The places of a program.
  private struct Places {
    /// The instruction of each.
    var takes: [Int] = []
    /// Whether each is in a group.
    var isInGroup: [Bool] = []
    /// Of each instruction that takes a byte its place.
    var numbers: [Int]

    init(_ instructions: [PatternProgram.Instruction]) {
      numbers = [Int](repeating: 0, count: instructions.count)
      var depth = 0
      for (index, instruction) in instructions.enumerated() {
        switch instruction {
        case .take:
          numbers[index] = takes.count
          takes.append(index)
          isInGroup.append(depth > 0)
        case .groupStart: depth += 1
        case .groupEnd: depth -= 1
        case .split, .jump, .assert, .match: break
        }
      }
    }

    /// The instructions from which ways lead on, the beginning first, and of each place which of
    /// them stands behind it.
    func roots(in instructions: [PatternProgram.Instruction]) -> (roots: [Int], numbers: [Int]) {
      var roots = [0]
      var numbers: [Int] = []
      var known = [0: 0]
      for take in takes {
        var root = take + 1
        while case .jump(let target) = instructions[root] { root = target }
        let number = known[root] ?? roots.count
        if number == roots.count { roots.append(root) }
        known[root] = number
        numbers.append(number)
      }
      return (roots, numbers)
    }
  }

  static let tooComplex = PatternError(
    "it is too complex: use lower bounds than {1,1000}, or {n,}, or several patterns")

  private static func takers(
    _ takes: [PatternProgram.Instruction], words: Int
  ) -> [UInt64] {
    var takers = [UInt64](repeating: 0, count: 256 * words)
    for (place, instruction) in takes.enumerated() {
      guard case .take(let set) = instruction else { continue }
      for byte in UInt8.min...UInt8.max where set.contains(byte) {
        takers[Int(byte) * words + place / 64] |= 1 << UInt64(place % 64)
      }
    }
    return takers
  }

  /// The ways on from an instruction, best first.
  private static func ways(
    from root: Int, in instructions: [PatternProgram.Instruction], _ places: [Int],
    _ context: Context
  ) -> [Way] {
    var ways: [Way] = []
    var seen: Set<Int> = []
    var open = [(root, false)]
    while let (index, entersGroup) = open.popLast() {
      guard seen.insert(index).inserted else { continue }
      switch instructions[index] {
      case .take: ways.append(Way(place: places[index], entersGroup: entersGroup))
      case .match: ways.append(Way(place: nil, entersGroup: entersGroup))
      case .split(let first, let second): open += [(second, entersGroup), (first, entersGroup)]
      case .jump(let target): open.append((target, entersGroup))
      case .assert(let assertion):
        if context.satisfies(assertion) { open.append((index + 1, entersGroup)) }
      case .groupStart: open.append((index + 1, true))
      case .groupEnd: open.append((index + 1, entersGroup))
      }
    }
    return ways
  }
}
