extension Gzip {
  /// Compresses a body as one member, flushed behind each part, so that each can be read when it
  /// comes.
  ///
  /// - Parameters:
  ///   - body: The bytes.
  ///   - ends: The offset behind each part, ascending, the last being the end of the body.
  /// - Returns: The compressed bytes of each part; the last one ends the member.
  /// - Throws: where zlib has no memory.
  package static func flushed(_ body: [UInt8], at ends: [Int]) throws(CassetteError) -> [[UInt8]] {
    var deflater = try Deflater(level: 6)
    var parts: [[UInt8]] = []
    var start = 0
    for (index, end) in ends.enumerated() {
      var part: [UInt8] = []
      let flush: Deflater.Flush = index == ends.count - 1 ? .finish : .sync
      let bytes = body[start..<end]
      try bytes.withUnsafeBufferPointer { (input) throws(CassetteError) in
        try deflater.deflate(input, flush: flush, to: &part)
      }
      parts.append(part)
      start = end
    }
    return parts
  }
}
