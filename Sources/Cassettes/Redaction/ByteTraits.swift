/// What the search for secrets needs to know of a byte, for all 256 of them.
struct ByteTraits: OptionSet {
  let rawValue: UInt8

  /// A letter, a digit, `_` or `-`: the bytes of a word.
  static let word = ByteTraits(rawValue: 1)
  /// A letter or a digit.
  static let alphanumeric = ByteTraits(rawValue: 2)
  /// A digit.
  static let digit = ByteTraits(rawValue: 4)
  /// An upper-case letter.
  static let upper = ByteTraits(rawValue: 8)
  /// A lower-case letter.
  static let lower = ByteTraits(rawValue: 16)
  /// A hexadecimal digit.
  static let hexadecimal = ByteTraits(rawValue: 32)
  /// A byte of a word, or a full stop.
  static let dotted = ByteTraits(rawValue: 64)

  /// The traits of each byte.
  static let table: [ByteTraits] = (UInt8.min...UInt8.max).map { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      [.word, .alphanumeric, .digit, .hexadecimal, .dotted]
    case UInt8(ascii: "A")...UInt8(ascii: "F"):
      [.word, .alphanumeric, .upper, .hexadecimal, .dotted]
    case UInt8(ascii: "G")...UInt8(ascii: "Z"): [.word, .alphanumeric, .upper, .dotted]
    case UInt8(ascii: "a")...UInt8(ascii: "f"):
      [.word, .alphanumeric, .lower, .hexadecimal, .dotted]
    case UInt8(ascii: "g")...UInt8(ascii: "z"): [.word, .alphanumeric, .lower, .dotted]
    case UInt8(ascii: "_"), UInt8(ascii: "-"): [.word, .dotted]
    case UInt8(ascii: "."): .dotted
    default: []
    }
  }

  /// The traits of one byte.
  static func of(_ byte: UInt8) -> ByteTraits { table[Int(byte)] }
}
