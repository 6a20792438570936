/// Reads the text of a pattern.
struct PatternParser {
  /// The most repetitions that `{m,n}` can ask for.
  static let limitRepetitions = 1_000
  /// How deep groups can stand in each other.
  static let limitNesting = 100

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var ignoresCase = false
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// Reads the whole text.
  mutating func pattern() throws(PatternError) -> PatternNode {
    if scalars.starts(with: "(?i)".unicodeScalars) {
      ignoresCase = true
      index = 4
    }
    let node = try alternatives()
    guard index == scalars.count else { throw PatternError("a ) closes nothing: write \\)") }
    return node
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  private mutating func alternatives() throws(PatternError) -> PatternNode {
    var nodes = [try sequence()]
    while take("|") { nodes.append(try sequence()) }
    return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      nodes.append(try repeated(try atom(scalar)))
    }
    return .sequence(nodes)
  }

  private mutating func atom(_ scalar: Unicode.Scalar) throws(PatternError) -> PatternNode {
    index += 1
    switch scalar {
    case "(": return try group()
    case "[":
      var parser = PatternClassParser(scalars, from: index)
      let set = try parser.set()
      index = parser.index
      return byte(set)
    case ".": return byte(ByteSet().inverted)
    case "^": return .assertion(.lineStart)
    case "$": return .assertion(.lineEnd)
    case "*", "+", "?", "{": throw PatternError("\(scalar) repeats nothing: write \\\(scalar)")
    case "\\": return try escape()
    default: return literal(scalar)
    }
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.limitNesting else {
      throw PatternError("more than \(Self.limitNesting) groups are nested in each other")
    }
    var isFound = true
    if take("?") {
      guard take(":") else {
        throw PatternError("after (? only (?:…) is allowed, and (?i) at the very start")
      }
      isFound = false
    }
    let node = try alternatives()
    guard take(")") else { throw PatternError("a ( is not closed: write \\( for the character") }
    return isFound ? .group(node) : node
  }

  private mutating func escape() throws(PatternError) -> PatternNode {
    guard let scalar = next else { throw PatternError("it ends with a \\: write \\\\") }
    index += 1
    switch scalar {
    case "b": return .assertion(.wordBoundary)
    case "B": return .assertion(.insideWordOrSpace)
    default: break
    }
    var parser = PatternClassParser(scalars, from: index)
    let set = try parser.escape(scalar)
    index = parser.index
    return set.map(byte) ?? literal(scalar)
  }

  private func byte(_ set: ByteSet) -> PatternNode {
    var set = ignoresCase ? set.ignoringCase : set
    set.subtract(.lineEnds)
    guard set.contains(0x80), set.contains(0xFF) else { return .byte(set) }
    // What takes all bytes beyond ASCII takes characters.
    let rest = PatternNode.repeated(
      .byte(.continuations), atLeast: 0, atMost: nil, isGreedy: true)
    return .sequence([.byte(set), rest])
  }

  private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
    let bytes = Array(String(scalar).utf8)
    return bytes.count == 1
      ? byte(ByteSet(bytes)) : .sequence(bytes.map { .byte(ByteSet(CollectionOfOne($0))) })
  }

  private mutating func repeated(_ node: PatternNode) throws(PatternError) -> PatternNode {
    var least = 0
    var most: Int?
    switch next {
    case "*": index += 1
    case "+":
      index += 1
      least = 1
    case "?":
      index += 1
      most = 1
    case "{":
      index += 1
      (least, most) = try bounds()
    default: return node
    }
    let isGreedy = !take("?")
    guard let next, ["*", "+", "?", "{"].contains(next) else {
      return .repeated(node, atLeast: least, atMost: most, isGreedy: isGreedy)
    }
    throw PatternError("\(next) repeats what is already repeated: put that into (?:…)")
  }

  /// Reads `m}`, `m,}` or `m,n}`.
  private mutating func bounds() throws(PatternError) -> (Int, Int?) {
    let least = number()
    let hasComma = take(",")
    let most = hasComma ? number() : least
    guard let least, take("}"), least <= most ?? least else {
      throw PatternError("after {: write {3}, {3,} or {3,5}, and \\{ for the character")
    }
    guard max(least, most ?? 0) <= Self.limitRepetitions else {
      throw PatternError("it repeats more than \(Self.limitRepetitions) times: write {n,}")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let scalar = next, ("0"..."9").contains(scalar), digits.count < 7 {
      digits.unicodeScalars.append(scalar)
      index += 1
    }
    return Int(digits)
  }
}
