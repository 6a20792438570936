/// The bytes of one character, or of one maximal part of a character that is not valid UTF-8.
///
/// (The Unicode Standard, 3.9, tables 3-7 and 3-8: what one U+FFFD stands for.)
struct UTF8Sequence {
  /// How many bytes it has, at least 1.
  let length: Int

  /// Whether the bytes are a whole character.
  let isValid: Bool

  /// Reads the sequence that begins at `start`, which must be below `bytes.count`.
  init(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    let lead = bytes[start]
    guard let (count, second) = Self.continuation(of: lead) else {
      (length, isValid) = (1, lead < 0x80)
      return
    }
    var length = 1
    while length < count {
      let isInside = start + length < bytes.count
      let allowed = length == 1 ? second : 0x80...0xBF
      guard isInside, allowed.contains(bytes[start + length]) else { break }
      length += 1
    }
    (self.length, isValid) = (length, length == count)
  }

  /// How many bytes the lead byte announces, and what the second may be: neither an overlong form,
  /// nor a surrogate, nor beyond U+10FFFF.
  private static func continuation(of lead: UInt8) -> (count: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
