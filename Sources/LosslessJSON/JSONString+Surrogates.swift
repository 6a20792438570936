extension JSONString {
  /// The bytes of strings as UTF-8: two halves of a surrogate pair that follow each other become
  /// their scalar, and a lone half becomes U+FFFD.
  ///
  /// A string keeps a half that an escape stands for as three bytes, so that pieces of a text which
  /// is cut between two halves join. (RFC 8259, 8.2; WHATWG Encoding, 4.4)
  ///
  /// - Parameter bytes: The bytes of strings, joined.
  /// - Returns: The text, and how many halves stood alone.
  package static func wellFormed(_ bytes: [UInt8]) -> (text: [UInt8], loneHalves: Int) {
    guard var index = halfIndex(in: bytes, from: 0) else { return (bytes, 0) }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var loneHalves = 0
    var start = 0
    while true {
      text += bytes[start..<index]
      if let scalar = pair(in: bytes, at: index) {
        text += Array(String(scalar).utf8)
        start = index + 6
      } else {
        text += Array("\u{fffd}".utf8)
        loneHalves += 1
        start = index + 3
      }
      guard let next = halfIndex(in: bytes, from: start) else { break }
      index = next
    }
    return (text + bytes[start...], loneHalves)
  }

  /// How many bytes at the end are the first half of a pair, whose second may be yet to come: 3 or
  /// 0.
  package static func openHalfLength(of bytes: [UInt8]) -> Int {
    guard bytes.count >= 3, let unit = half(in: bytes, at: bytes.count - 3) else { return 0 }
    return unit & 0xfc00 == 0xd800 ? 3 : 0
  }

  private static func halfIndex(in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while let found = bytes[index...].firstIndex(of: 0xed) {
      if half(in: bytes, at: found) != nil { return found }
      index = found + 1
    }
    return nil
  }

  /// The code unit of a half that stands there; nil for anything else.
  private static func half(in bytes: [UInt8], at index: Int) -> UInt32? {
    guard bytes.count - index >= 3, bytes[index] == 0xed, (0xa0...0xbf).contains(bytes[index + 1]),
      (0x80...0xbf).contains(bytes[index + 2])
    else { return nil }
    return 0xd000 | UInt32(bytes[index + 1] & 0x3f) << 6 | UInt32(bytes[index + 2] & 0x3f)
  }

  private static func pair(in bytes: [UInt8], at index: Int) -> Unicode.Scalar? {
    guard let first = half(in: bytes, at: index), first & 0xfc00 == 0xd800,
      let second = half(in: bytes, at: index + 3), second & 0xfc00 == 0xdc00
    else { return nil }
    return Unicode.Scalar(0x10000 + ((first & 0x3ff) << 10 | second & 0x3ff))
  }
}
