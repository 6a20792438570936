/// Reads what stands for one byte in a pattern: the inside of `[…]`, and escapes.
struct PatternClassParser {
  private let scalars: [Unicode.Scalar]
  private(set) var index: Int

  init(_ scalars: [Unicode.Scalar], from index: Int) {
    self.scalars = scalars
    self.index = index
  }

  /// The classes that have a name, as in `[[:alpha:]]`.
  private static let named: [String: ByteSet] = [
    "alpha": .letters, "digit": .digits,
    "alnum": .alphanumerics,
    "upper": .upperCase,
    "lower": .lowerCase, "space": .space,
    "xdigit": .hexadecimal,
    "punct": ByteSet { (0x21...0x7E).contains($0) && !ByteSet.alphanumerics.contains($0) },
  ]

  /// Reads a class, behind its `[`.
  mutating func set() throws(PatternError) -> ByteSet {
    var set = ByteSet()
    let isInverted = take("^")
    let first = index
    while index < scalars.count {
      // In front of all others it is one of them.
      if index > first, take("]") { return isInverted ? set.inverted : set }
      if try takeNamed(into: &set) { continue }
      try takeRange(into: &set)
    }
    throw PatternError("a [ is not closed: write \\[")
  }

  /// Reads what stands behind a `\`, whose first scalar is given and passed over.
  ///
  /// - Returns: The set, or nil where the scalar stands for itself.
  mutating func escape(_ scalar: Unicode.Scalar) throws(PatternError) -> ByteSet? {
    switch scalar {
    case "d": return .digits
    case "D": return .digits.inverted
    case "w": return .word
    case "W": return .word.inverted
    case "s": return .space
    case "S": return .space.inverted
    case "t": return ByteSet([0x09])
    case "x": return ByteSet(CollectionOfOne(try hexadecimal()))
    case "n", "r": throw PatternError("\\\(scalar): a match never spans lines")
    case "a"..."z", "A"..."Z", "0"..."9":
      throw PatternError(
        "\\\(scalar) is not known: there are \\d \\w \\s \\D \\W \\S \\b \\B \\t \\xHH")
    default: return nil
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard index < scalars.count, scalars[index] == scalar else { return false }
    index += 1
    return true
  }

  private mutating func hexadecimal() throws(PatternError) -> UInt8 {
    var digits = ""
    for scalar in scalars[index...].prefix(2) { digits.unicodeScalars.append(scalar) }
    guard digits.utf8.count == 2, let byte = UInt8(digits, radix: 16) else {
      throw PatternError("\\x needs two hexadecimal digits after it")
    }
    index += 2
    return byte
  }

  /// Takes `[:name:]`, where that is what comes.
  private mutating func takeNamed(into set: inout ByteSet) throws(PatternError) -> Bool {
    guard scalars[index...].starts(with: "[:".unicodeScalars) else { return false }
    var name = ""
    var end = index + 2
    while end < scalars.count, scalars[end] != ":" {
      name.unicodeScalars.append(scalars[end])
      end += 1
    }
    guard scalars[min(end, scalars.count)...].starts(with: ":]".unicodeScalars),
      let named = Self.named[name]
    else {
      throw PatternError("[:\(name): is not a class: there are alpha, digit, alnum, space, …")
    }
    set.formUnion(named)
    index = end + 2
    return true
  }

  /// Takes one byte, one escape or a range.
  private mutating func takeRange(into set: inout ByteSet) throws(PatternError) {
    let first = try member()
    guard case .byte(let low) = first, index + 1 < scalars.count, scalars[index] == "-",
      scalars[index + 1] != "]"
    else { return first.add(to: &set) }
    index += 1
    guard case .byte(let high) = try member(), low <= high else {
      throw PatternError("a range in […] must go from a lower character to a higher one")
    }
    set.formUnion(ByteSet(low...high))
  }

  private enum Member {
    case byte(UInt8)
    case set(ByteSet)

    func add(to set: inout ByteSet) {
      switch self {
      case .byte(let byte): set.insert(byte)
      case .set(let members): set.formUnion(members)
      }
    }
  }

  private mutating func member() throws(PatternError) -> Member {
    let scalar = scalars[index]
    index += 1
    guard scalar == "\\" else { return .byte(try byte(scalar)) }
    guard index < scalars.count else { throw PatternError("a [ is not closed: write \\[") }
    let escaped = scalars[index]
    index += 1
    if escaped == "x" { return .byte(try hexadecimal()) }
    if let set = try escape(escaped) { return .set(set) }
    return .byte(try byte(escaped))
  }

  private func byte(_ scalar: Unicode.Scalar) throws(PatternError) -> UInt8 {
    guard scalar.isASCII else {
      throw PatternError("\(scalar) in […] is more than one byte: write (?:\(scalar)|…)")
    }
    return UInt8(truncatingIfNeeded: scalar.value)
  }
}
