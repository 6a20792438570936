/// What a pattern says, as a tree.
indirect enum PatternNode {
  /// One byte of a set.
  case byte(ByteSet)
  case sequence([PatternNode])
  /// The first that leads to a match.
  case alternatives([PatternNode])
  case repeated(PatternNode, atLeast: Int, atMost: Int?, isGreedy: Bool)
  /// What is found, where a pattern marks that.
  case group(PatternNode)
  case assertion(PatternAssertion)

  /// Whether it matches where there is nothing.
  var matchesNothing: Bool {
    switch self {
    case .byte: false
    case .sequence(let nodes): nodes.allSatisfy(\.matchesNothing)
    case .alternatives(let nodes): nodes.contains(where: \.matchesNothing)
    case .repeated(let node, let least, _, _): least == 0 || node.matchesNothing
    case .group(let node): node.matchesNothing
    case .assertion: true
    }
  }
}

/// What must hold between two bytes.
enum PatternAssertion: Hashable, Sendable {
  case lineStart, lineEnd, wordBoundary, insideWordOrSpace

  /// Whether it holds; nil stands for the beginning and the end of the text.
  func holds(between previous: UInt8?, and next: UInt8?) -> Bool {
    switch self {
    case .lineStart: previous.map(ByteSet.lineEnds.contains) ?? true
    case .lineEnd: next.map(ByteSet.lineEnds.contains) ?? true
    case .wordBoundary: Self.isWord(previous) != Self.isWord(next)
    case .insideWordOrSpace: Self.isWord(previous) == Self.isWord(next)
    }
  }

  private static func isWord(_ byte: UInt8?) -> Bool { byte.map(ByteSet.word.contains) ?? false }
}
