extension UInt8 {
  /// The byte that ends a line alone or as the second of CR LF.
  static let lineFeed: UInt8 = 0x0A

  /// The byte that ends a line alone or as the first of CR LF.
  static let carriageReturn: UInt8 = 0x0D

  /// The byte between a field's name and its value, and the first byte of a comment.
  static let colon: UInt8 = 0x3A

  /// The byte of which one is dropped after the colon.
  static let space: UInt8 = 0x20
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// Finds the first CR or LF at or after `start`.
  ///
  /// Eight bytes are looked at together: in a word, every byte below 0x0E is found by one subtraction,
  /// and among those only TAB, NUL and a few others that text hardly holds are no line ends. The
  /// lowest hit is exact, since a borrow can only spoil the bytes above it.
  ///
  /// - Parameter start: Where to begin, at most `count`.
  /// - Returns: The offset of the line end, or `count` where there is none.
  func firstLineEnd(from start: Int) -> Int {
    let bytes = UnsafeRawBufferPointer(self)
    let lowest: UInt64 = 0x0101_0101_0101_0101
    let highest: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position &+ 8 <= count {
      let word = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let hits = (word &- lowest &* 0x0E) & ~word & highest
      guard hits != 0 else {
        position &+= 8
        continue
      }
      position &+= hits.trailingZeroBitCount / 8
      if self[position].isLineEnd { return position }
      position &+= 1
    }
    while position < count, !self[position].isLineEnd { position &+= 1 }
    return position
  }

  /// The part of the buffer in `range`, as a buffer of its own that starts at 0.
  func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: self[range])
  }
}

extension UInt8 {
  /// Whether the byte is CR or LF; nothing else ends a line. (WHATWG HTML, 9.2.6)
  var isLineEnd: Bool { self == .lineFeed || self == .carriageReturn }
}
