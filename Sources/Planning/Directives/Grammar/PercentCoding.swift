/// Percent-decoding as directives need it. (RFC 3986, 2.1, but for a bare `%`)
enum PercentCoding {
  /// Decodes once: `%XX` is a byte, a `%` that no two hexadecimal digits follow is itself, `+` is a
  /// plus.
  ///
  /// - Throws: when the bytes are no UTF-8.
  static func decode(_ text: some StringProtocol) throws(DirectiveError) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var next = 0
    while next < bytes.count {
      if bytes[next] == UInt8(ascii: "%"), next + 2 < bytes.count,
        let high = hexDigit(bytes[next + 1]), let low = hexDigit(bytes[next + 2])
      {
        decoded.append(high << 4 | low)
        next += 3
      } else {
        decoded.append(bytes[next])
        next += 1
      }
    }
    guard let result = String(validating: decoded, as: UTF8.self) else {
      throw DirectiveError("'\(text)' is not UTF-8 after percent-decoding")
    }
    return result
  }

  /// Encodes what an argument may not hold as it is, in a URL or a header field: `, ; : @ % / = ?
  /// #`, controls, spaces, and what is not ASCII.
  static func encode(argument text: String) -> String {
    var encoded = ""
    for scalar in text.unicodeScalars {
      if scalar.value <= 0x20 || scalar.value >= 0x7F || ",;:@%/=?#".unicodeScalars.contains(scalar)
      {
        for byte in String(scalar).utf8 {
          encoded += byte < 16 ? "%0" : "%"
          encoded += String(byte, radix: 16, uppercase: true)
        }
      } else {
        encoded.unicodeScalars.append(scalar)
      }
    }
    return encoded
  }

  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
