/// A set of bytes.
package struct ByteSet: Hashable, Sendable {
  @usableFromInline var words: SIMD4<UInt64> = .zero

  /// Creates an empty set.
  package init() {}

  /// Creates a set of the bytes for which something holds.
  package init(where isMember: (UInt8) -> Bool) {
    for byte in UInt8.min...UInt8.max where isMember(byte) { insert(byte) }
  }

  /// Creates a set of some bytes.
  package init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { insert(byte) }
  }

  /// The bytes that end a line, which no pattern matches.
  package static let lineEnds = ByteSet([0x0A, 0x0D])
  /// The bytes that `\d` stands for.
  package static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  static let lowerCase = ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
  static let upperCase = ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z"))
  static let letters = lowerCase.union(upperCase)
  /// The digits of base 16, in both cases.
  package static let hexadecimal = digits.union(ByteSet("abcdefABCDEF".utf8))
  /// Letters and digits of ASCII.
  package static let alphanumerics = letters.union(digits)
  /// `\w`: letters, digits and `_`.
  package static let word = alphanumerics.union(ByteSet("_".utf8))
  /// `\s`, but for the line ends.
  static let space = ByteSet([0x20, 0x09, 0x0B, 0x0C])

  /// The bytes of a character beyond ASCII, in UTF-8, but for the first.
  static let continuations = ByteSet(0x80...0xBF)

  /// All bytes that are not in it.
  var inverted: ByteSet {
    var all = self
    all.words = ~words
    return all
  }

  /// Whether a byte is in it.
  @inlinable
  package func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1
  }

  mutating func insert(_ byte: UInt8) {
    words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
  }

  mutating func formUnion(_ other: ByteSet) { words |= other.words }

  /// The bytes that are in one of the two.
  package func union(_ other: ByteSet) -> ByteSet {
    var both = self
    both.formUnion(other)
    return both
  }

  mutating func subtract(_ other: ByteSet) { words &= ~other.words }

  /// The set with each ASCII letter in both cases.
  var ignoringCase: ByteSet {
    var both = self
    for letter in UInt8(ascii: "a")...UInt8(ascii: "z")
    where contains(letter) || contains(letter & ~0x20) {
      both.insert(letter)
      both.insert(letter & ~0x20)
    }
    return both
  }
}

extension [UInt8] {
  /// Whether a character begins or ends before `place`: always, but inside of a sequence of UTF-8.
  func isCharacterBoundary(_ place: Int) -> Bool {
    guard place > 0, place < count else { return true }
    return !(self[place] & 0xC0 == 0x80 && self[place - 1] >= 0x80)
  }
}
