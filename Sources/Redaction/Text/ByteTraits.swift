/// What the search for secrets needs to know of a byte, for all 256 of them.
struct ByteTraits: OptionSet {
  let rawValue: UInt16

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

  /// A byte of base64. (RFC 4648, 4)
  static let base64 = ByteTraits(rawValue: 128)
  /// A byte of a bearer token. (RFC 6750, 2.1)
  static let token = ByteTraits(rawValue: 256)
  /// What parts of a path consist of, and what divides them.
  static let path = ByteTraits(rawValue: 512)

  /// The traits of each byte.
  static let table: [ByteTraits] = (UInt8.min...UInt8.max).map { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      [.everywhere, .alphanumeric, .digit, .hexadecimal, .base64]
    case UInt8(ascii: "A")...UInt8(ascii: "F"):
      [.everywhere, .alphanumeric, .upper, .hexadecimal, .base64]
    case UInt8(ascii: "G")...UInt8(ascii: "Z"): [.everywhere, .alphanumeric, .upper, .base64]
    case UInt8(ascii: "a")...UInt8(ascii: "f"):
      [.everywhere, .alphanumeric, .lower, .hexadecimal, .base64]
    case UInt8(ascii: "g")...UInt8(ascii: "z"): [.everywhere, .alphanumeric, .lower, .base64]
    case UInt8(ascii: "_"), UInt8(ascii: "-"): .everywhere
    case UInt8(ascii: "."): [.dotted, .token]
    case UInt8(ascii: "/"): [.base64, .token, .path]
    case UInt8(ascii: "+"), UInt8(ascii: "="): [.base64, .token]
    case UInt8(ascii: "~"): .token
    default: []
    }
  }

  /// The traits that all bytes of a word have.
  private static let everywhere: ByteTraits = [.word, .dotted, .token, .path]

  /// The traits of one byte.
  static func of(_ byte: UInt8) -> ByteTraits { table[Int(byte)] }
}

/// A place that must not be written down as it is.
struct Cover: Hashable, Sendable {
  /// The bytes.
  var range: Range<Int>

  /// Whether they are a JSON number, which must stay one.
  var isNumber = false

  /// Puts `*` in place of each byte within `bounds`; of a number, 1 in place of each digit.
  ///
  /// A 1 is the only digit that is right everywhere: no number begins with a 0, and none is out of
  /// bounds that was not before. (RFC 8259, 6)
  func apply(to bytes: inout [UInt8], within bounds: Range<Int>) {
    for place in range.clamped(to: bounds) {
      if !isNumber {
        bytes[place] = UInt8(ascii: "*")
      } else if ByteTraits.of(bytes[place]).contains(.digit) {
        bytes[place] = UInt8(ascii: "1")
      }
    }
  }
}
