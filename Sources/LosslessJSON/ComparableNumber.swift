/// The text that two numbers share exactly when their decimal values are equal.
///
/// `1`, `1.0`, `10e-1` and `0.01E2` are `1`; `-0` is `0`. No value is ever computed, so neither a
/// long number loses digits nor a large exponent costs more than its text. (RFC 8259, 6)
enum ComparableNumber {
  /// Whether a number as JSON has it is that text already, as nearly all are.
  static func isComparable(_ number: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let digits = number.first == UInt8(ascii: "-") ? number.dropFirst() : number
    guard digits.count <= DecimalNumber.plainLimit else { return false }
    var isFraction = false
    for byte in digits {
      switch byte {
      case 0x30...0x39: continue
      case UInt8(ascii: "."): isFraction = true
      default: return false
      }
    }
    // The last zero of a fraction says nothing, and zero has no sign.
    return isFraction ? number.last != 0x30 : number.count == 1 || digits.first != 0x30
  }

  /// Adds that text of a number to `output`.
  static func append(_ number: some Sequence<UInt8>, to output: inout [UInt8]) {
    DecimalNumber(Array(number)).append(to: &output)
  }
}

/// A decimal number: digits that neither begin nor end with a zero, times a power of ten.
private struct DecimalNumber {
  /// How many digits a number may have to be written without an exponent.
  static let plainLimit = 40

  private var isNegative = false
  /// The digits, as ASCII; none for zero.
  private var digits: [UInt8] = []
  private var exponent = DecimalExponent()

  init(_ text: [UInt8]) {
    var shift = 0
    var isFraction = false
    var index = 0
    number: for byte in text {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): break number
      default:
        if !digits.isEmpty || byte != 0x30 { digits.append(byte) }
        if isFraction { shift -= 1 }
      }
      index += 1
    }
    while digits.last == 0x30 {
      digits.removeLast()
      shift += 1
    }
    exponent = DecimalExponent(text[index...].dropFirst(), plus: shift)
  }

  func append(to output: inout [UInt8]) {
    guard !digits.isEmpty else { return output.append(0x30) }
    if isNegative { output.append(UInt8(ascii: "-")) }
    guard let exponent = exponent.small, digits.count <= Self.plainLimit,
      (-Self.plainLimit...Self.plainLimit - digits.count).contains(exponent)
    else {
      output += digits
      output.append(UInt8(ascii: "e"))
      return self.exponent.append(to: &output)
    }
    let whole = digits.count + exponent
    switch exponent {
    case 0...: output += digits + Array(repeating: 0x30, count: exponent)
    case _ where whole > 0: output += digits[..<whole] + [UInt8(ascii: ".")] + digits[whole...]
    default: output += Array("0.".utf8) + Array(repeating: 0x30, count: -whole) + digits
    }
  }
}

/// An exponent of any size: a whole number, as its sign and its digits.
private struct DecimalExponent {
  private var isNegative = false
  /// The digits as values, the first not 0; none for zero.
  private var digits: [UInt8] = []

  /// Zero.
  init() {}

  /// Creates it from a text such as `+05`, empty for zero, and a number that is no larger than what
  /// a text in memory can have digits.
  init(_ text: ArraySlice<UInt8>, plus shift: Int) {
    isNegative = text.first == UInt8(ascii: "-")
    digits = text.drop { !(0x31...0x39).contains($0) }.map { $0 - 0x30 }
    guard digits.count > Self.exactDigits else {
      let value = digits.reduce(0) { $0 * 10 + Int($1) }
      let sum = shift + (isNegative ? -value : value)
      isNegative = sum < 0
      digits = sum == 0 ? [] : String(sum.magnitude).utf8.map { $0 - 0x30 }
      return
    }
    add(isNegative ? -shift : shift)
  }

  /// So many digits and the length of a text add up without an overflow.
  private static let exactDigits = 17

  /// Adds to the magnitude, which is larger.
  private mutating func add(_ number: Int) {
    var carry = number
    for index in digits.indices.reversed() where carry != 0 {
      let sum = Int(digits[index]) + carry
      let digit = ((sum % 10) + 10) % 10
      digits[index] = UInt8(digit)
      carry = (sum - digit) / 10
    }
    if carry > 0 { digits.insert(UInt8(truncatingIfNeeded: carry), at: 0) }
    digits = Array(digits.drop { $0 == 0 })
  }

  /// Its value, where that is small enough to be written out.
  var small: Int? {
    guard digits.count <= 3 else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1) }
    return isNegative ? -value : value
  }

  func append(to output: inout [UInt8]) {
    if isNegative { output.append(UInt8(ascii: "-")) }
    output += digits.isEmpty ? [0x30] : digits.map { $0 + 0x30 }
  }
}
