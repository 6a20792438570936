/// Which bytes are UTF-8. (Unicode 16.0, table 3-7)
package enum UTF8Check {
  /// The length of the well-formed scalar that begins at `index`, or 0 where there is none.
  ///
  /// Overlong forms, surrogates and what lies above U+10FFFF are not well formed.
  @inline(__always)
  package static func scalarLength(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let lead = text[index]
    if lead < 0x80 { return 1 }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch lead {
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: length = 4
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return 0
    }
    guard text.count - index >= length, second.contains(text[index + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where text[index + offset] & 0xc0 != 0x80 { return 0 }
    return length
  }

  /// Whether all of `text` is well formed.
  package static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return true }
    var index = 0
    while index < text.count {
      if text.count - index >= 8 {
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 == 0 {
          index += 8
          continue
        }
      }
      let length = scalarLength(in: text, at: index)
      if length == 0 { return false }
      index += length
    }
    return true
  }

  /// Whether all of `bytes` is well formed.
  package static func isValid(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.withContiguousStorageIfAvailable { isValid($0) } ?? isValid(Array(bytes))
  }
}

extension UTF8Check {
  /// The length of `bytes` without the scalar at its end of which some bytes have not come yet.
  static func wholeLength(of bytes: [UInt8]) -> Int {
    let tail = bytes.suffix(3)
    guard let lead = tail.lastIndex(where: { $0 >= 0xc0 }) else { return bytes.count }
    let wanted =
      switch bytes[lead] {
      case 0xf0...: 4
      case 0xe0...: 3
      default: 2
      }
    return bytes.count - lead < wanted ? lead : bytes.count
  }
}
