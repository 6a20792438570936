/// Compression for the other rooms, which do not know zlib.
package enum Gzip {
  /// One gzip member, without a time stamp: the same for the same bytes and the same zlib.
  ///
  /// - Parameters:
  ///   - bytes: What it holds.
  ///   - level: How hard to compress, 1 to 9.
  /// - Returns: The compressed bytes.
  /// - Throws: An error of kind `system` where zlib has no memory.
  package static func member(
    of bytes: [UInt8], level: Int = 9
  ) throws(CassetteError) -> [UInt8] {
    try Deflater.member(of: bytes, level: CInt(min(max(level, 1), 9)))
  }
}
