/// What bytes may stand where in a head. (RFC 9110, 5.5 and 5.6)
extension UInt8 {
  /// Whether methods and field names are made of it. (RFC 9110, 5.6.2)
  package var isTokenByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    case UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"): true
    default: isDigit
    }
  }

  /// Whether it may stand in a field value: a tab, and all but control characters. (RFC 9110, 5.5)
  package var isFieldContent: Bool {
    self == UInt8(ascii: "\t") || (self >= UInt8(ascii: " ") && self != 0x7F)
  }

  /// Whether it is white space within a line. (RFC 9110, 5.6.3)
  package var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  var isHexDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
  }

  var inLowerCase: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }
}

extension String {
  /// Whether this is what methods and field names are made of. (RFC 9110, 5.6.2)
  package var isToken: Bool { !isEmpty && utf8.allSatisfy(\.isTokenByte) }

  /// Whether this can be the value of a field, where each scalar is sent as one byte. (RFC 9110,
  /// 5.5)
  package var isFieldValue: Bool {
    unicodeScalars.allSatisfy { UInt8(exactly: $0.value)?.isFieldContent == true }
  }
}

extension BidirectionalCollection<UInt8> where SubSequence == Self {
  /// The bytes without the white space around them. (RFC 9110, 5.6.3)
  package var withoutBlanksAround: Self {
    var rest = drop(while: \.isBlank)
    while let last = rest.last, last.isBlank { rest.removeLast() }
    return rest
  }
}

extension Substring {
  /// The text without the white space around it. (RFC 9110, 5.6.3)
  var withoutBlanksAround: Substring { Substring(utf8.withoutBlanksAround) }
}
