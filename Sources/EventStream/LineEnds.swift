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
  /// Words of eight bytes are looked at, four together while there is nothing to find in them.
  ///
  /// - Parameter start: Where to begin, at most `count`.
  /// - Returns: The offset of the line end, or `count` where there is none.
  func firstLineEnd(from start: Int) -> Int {
    var position = start
    while position &+ 8 <= count {
      while position &+ 32 <= count {
        let first = word(at: position).bytesBelow14 | word(at: position &+ 8).bytesBelow14
        let second = word(at: position &+ 16).bytesBelow14 | word(at: position &+ 24).bytesBelow14
        guard first | second == 0 else { break }
        position &+= 32
      }
      guard position &+ 8 <= count else { break }
      let hits = word(at: position).bytesBelow14
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

  /// Whether the two buffers hold the same bytes.
  func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count else { return false }
    var position = 0
    while position &+ 8 <= count {
      guard word(at: position) == other.word(at: position) else { return false }
      position &+= 8
    }
    while position < count {
      guard self[position] == other[position] else { return false }
      position &+= 1
    }
    return true
  }

  /// The eight bytes at `position`, the first of them lowest.
  private func word(at position: Int) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(self)
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
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

extension UInt64 {
  /// The highest bit of each of the eight bytes that may be below 14, as CR and LF are.
  ///
  /// The lowest bit set is exact: a borrow can only spoil the bytes above it. Among the bytes below
  /// 14 only TAB, NUL and a few others that text hardly holds are no line ends.
  fileprivate var bytesBelow14: UInt64 {
    (self &- 0x0E0E_0E0E_0E0E_0E0E) & ~self & 0x8080_8080_8080_8080
  }
}
