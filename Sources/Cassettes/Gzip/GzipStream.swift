/// One gzip member that grows as bytes come, for the other rooms.
package struct GzipStream: ~Copyable {
  private var deflater: Deflater

  /// Begins a member.
  ///
  /// - Throws: An error of kind `system` where zlib has no memory.
  package init() throws(CassetteError) {
    deflater = try Deflater(level: 6)
  }

  /// Compresses bytes and adds what zlib gives out to `output`; the rest comes with later ones.
  package mutating func append(_ bytes: [UInt8], to output: inout [UInt8]) throws(CassetteError) {
    try deflate(bytes, flush: .none, to: &output)
  }

  /// Adds what zlib still holds, and the end of the member.
  package mutating func finish(to output: inout [UInt8]) throws(CassetteError) {
    try deflate([], flush: .finish, to: &output)
  }

  private mutating func deflate(
    _ bytes: [UInt8], flush: Deflater.Flush, to output: inout [UInt8]
  ) throws(CassetteError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(CassetteError) in
      try deflater.deflate(bytes, flush: flush, to: &output)
    }
  }
}
