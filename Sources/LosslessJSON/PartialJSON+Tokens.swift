extension PartialJSON {
  /// Where in a number the last byte stands. (RFC 8259, 6)
  enum NumberPlace: Sendable {
    case minus
    case zero
    case integer
    case point
    case fraction
    case exponent
    case exponentSign
    case exponentDigits

    /// Whether what has been read is a number as it stands.
    var isWhole: Bool {
      switch self {
      case .zero, .integer, .fraction, .exponentDigits: true
      case .minus, .point, .exponent, .exponentSign: false
      }
    }

    /// The place behind one more byte; nil where the byte is no part of the number.
    func after(_ byte: UInt8) -> Self? {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): afterDigit(byte)
      case UInt8(ascii: "."): self == .zero || self == .integer ? .point : nil
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        self == .zero || self == .integer || self == .fraction ? .exponent : nil
      case UInt8(ascii: "+"), UInt8(ascii: "-"): self == .exponent ? .exponentSign : nil
      default: nil
      }
    }

    private func afterDigit(_ digit: UInt8) -> Self? {
      switch self {
      case .minus: digit == UInt8(ascii: "0") ? .zero : .integer
      case .integer: .integer
      case .zero: nil
      case .point, .fraction: .fraction
      case .exponent, .exponentSign, .exponentDigits: .exponentDigits
      }
    }
  }

  /// A value that is a word.
  enum Word: Sendable {
    case `true`
    case `false`
    case null
    case nan
    case infinity

    init?(first byte: UInt8) {
      switch byte {
      case UInt8(ascii: "t"): self = .true
      case UInt8(ascii: "f"): self = .false
      case UInt8(ascii: "n"): self = .null
      case UInt8(ascii: "N"): self = .nan
      case UInt8(ascii: "I"): self = .infinity
      default: return nil
      }
    }

    var spelling: StaticString {
      switch self {
      case .true: "true"
      case .false: "false"
      case .null: "null"
      case .nan: "NaN"
      case .infinity: "Infinity"
      }
    }

    var value: JSONValue {
      switch self {
      case .true: .bool(true)
      case .false: .bool(false)
      case .null, .nan, .infinity: .null
      }
    }
  }

  /// Takes a byte of a number, or ends the number before it; says whether it took the byte.
  mutating func takeNumber(_ byte: UInt8, _ place: NumberPlace) -> Bool {
    if let next = place.after(byte) {
      token.append(byte)
      state = .number(next)
      if case .integer = next, token.count > Self.integerLimitBytes { fail(.invalidNumber) }
      return true
    }
    switch (place, byte) {
    case (.minus, UInt8(ascii: "I")):
      token = []
      state = .word(.infinity, matched: 1)
      return true
    case (.zero, UInt8(ascii: "0")...UInt8(ascii: "9")): fail(.invalidNumber)
    case _ where place.isWhole:
      let text = String(decoding: token, as: UTF8.self)
      token = []
      deliver(.number(text))
    default: fail(.invalidNumber)
    }
    return false
  }

  /// Takes a byte of a word of which so many have come.
  mutating func takeWord(_ byte: UInt8, _ word: Word, _ matched: Int) {
    let spelling = word.spelling
    guard byte == spelling.utf8Start[matched] else { return fail(.unexpectedByte(byte)) }
    if matched + 1 == spelling.utf8CodeUnitCount {
      deliver(word.value)
    } else {
      state = .word(word, matched: matched + 1)
    }
  }

  /// Whether the token that is being read has a value: a number that could go on, or a string where
  /// such strings are kept.
  var hasTokenValue: Bool {
    switch state {
    case .number(let place): place.isWhole
    case .string(isKey: false), .escape(isKey: false): keepsTrailingStrings
    default: false
    }
  }

  /// The value of the token that is being read; nil where it has none.
  var tokenValue: JSONValue? {
    guard hasTokenValue else { return nil }
    if case .number = state { return .number(String(decoding: token, as: UTF8.self)) }
    return .string(Array(token[..<UTF8Check.wholeLength(of: token)]))
  }
}
