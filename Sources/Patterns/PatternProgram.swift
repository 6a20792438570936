/// A pattern as instructions for `PatternSearch`.
struct PatternProgram: Hashable, Sendable {
  enum Instruction: Hashable, Sendable {
    /// Takes one byte of a set.
    case take(ByteSet)
    /// Goes on at both places; the first counts where both lead to a match.
    case split(Int, Int)
    case jump(Int)
    case assert(PatternAssertion)
    case groupStart
    case groupEnd
    case match
  }

  /// The most instructions.
  static let limit = 8_000

  private(set) var instructions: [Instruction] = []
  private var groupDepth = 0

  /// The bytes with which a match can begin.
  private(set) var firstBytes = ByteSet()

  /// - Throws: Where it would be longer than the limit.
  init(_ node: PatternNode) throws(PatternError) {
    try add(node)
    try add(.match)
    firstBytes = bytes(reachedFrom: 0)
  }

  private mutating func add(_ instruction: Instruction) throws(PatternError) {
    guard instructions.count < Self.limit else {
      throw PatternError(
        "it is too large: repetitions like {1,1000} are expanded: use smaller ones")
    }
    instructions.append(instruction)
  }

  private mutating func add(_ node: PatternNode) throws(PatternError) {
    switch node {
    case .byte(let set): try add(Instruction.take(set))
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .alternatives(let nodes): try addAlternatives(nodes)
    case .repeated(let node, let least, let most, let isGreedy):
      try addRepeated(node, least, most, isGreedy)
    case .group(let node):
      // What an outer group finds, an inner one need not find again.
      groupDepth += 1
      if groupDepth == 1 { try add(.groupStart) }
      try add(node)
      if groupDepth == 1 { try add(.groupEnd) }
      groupDepth -= 1
    case .assertion(let assertion): try add(.assert(assertion))
    }
  }

  private mutating func addAlternatives(_ nodes: [PatternNode]) throws(PatternError) {
    var jumps: [Int] = []
    for (index, node) in nodes.enumerated() {
      guard index < nodes.count - 1 else {
        try add(node)
        break
      }
      let split = instructions.count
      try add(.split(split + 1, split))
      try add(node)
      jumps.append(instructions.count)
      try add(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }

  private mutating func addRepeated(
    _ node: PatternNode, _ least: Int, _ most: Int?, _ isGreedy: Bool
  ) throws(PatternError) {
    for _ in 0..<least { try add(node) }
    guard let most else {
      let start = instructions.count
      try add(.split(start, start))
      try add(node)
      try add(.jump(start))
      instructions[start] = split(into: start + 1, past: instructions.count, isGreedy)
      return
    }
    var splits: [Int] = []
    for _ in least..<max(most, least) {
      splits.append(instructions.count)
      try add(.match)
      try add(node)
    }
    for place in splits {
      instructions[place] = split(into: place + 1, past: instructions.count, isGreedy)
    }
  }

  private func split(into node: Int, past end: Int, _ isGreedy: Bool) -> Instruction {
    isGreedy ? .split(node, end) : .split(end, node)
  }

  private func bytes(reachedFrom start: Int) -> ByteSet {
    var bytes = ByteSet()
    var seen: Set<Int> = []
    var open = [start]
    while let place = open.popLast() {
      guard seen.insert(place).inserted else { continue }
      switch instructions[place] {
      case .take(let set): bytes.formUnion(set)
      case .split(let first, let second): open += [first, second]
      case .jump(let target): open.append(target)
      case .assert, .groupStart, .groupEnd: open.append(place + 1)
      case .match: break
      }
    }
    return bytes
  }
}
