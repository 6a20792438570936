internal import CZlib

/// Checksums as zlib has them.
package enum Checksum {
  /// The CRC-32 of bytes. (RFC 1952, 8)
  package static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = CZlib.crc32(0, nil, 0)
    var rest = bytes
    while !rest.isEmpty {
      // zlib takes 32 bits of a length.
      let piece = rest.prefix(1 << 30)
      crc = piece.withUnsafeBufferPointer {
        CZlib.crc32(crc, $0.baseAddress, UInt32(truncatingIfNeeded: $0.count))
      }
      rest = rest.dropFirst(piece.count)
    }
    return UInt32(truncatingIfNeeded: crc)
  }
}
