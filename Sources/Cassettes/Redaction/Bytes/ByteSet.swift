/// A set of bytes.
struct ByteSet: Hashable, Sendable {
  private var words: SIMD4<UInt64> = .zero

  /// Creates an empty set.
  init() {}

  /// Creates a set of the bytes for which something holds.
  init(where isMember: (UInt8) -> Bool) {
    for byte in UInt8.min...UInt8.max where isMember(byte) { insert(byte) }
  }

  /// Creates a set of some bytes.
  init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { insert(byte) }
  }

  /// The bytes that end a line, which no pattern matches.
  static let lineEnds = ByteSet([0x0A, 0x0D])
  /// The bytes that `\d` stands for.
  static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  /// `\w`: letters, digits and `_`.
  static let word = ByteSet {
    ByteTraits.of($0).contains(.alphanumeric) || $0 == UInt8(ascii: "_")
  }
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

  /// Whether it has no byte.
  var isEmpty: Bool { words == .zero }

  /// Whether a byte is in it.
  func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1
  }

  mutating func insert(_ byte: UInt8) {
    words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
  }

  mutating func formUnion(_ other: ByteSet) { words |= other.words }

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
