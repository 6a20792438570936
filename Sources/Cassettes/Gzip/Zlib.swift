/// The zlib format for the other rooms: what HDR histograms are compressed with. (RFC 1950)
package enum Zlib {
  /// The bytes, compressed: the same for the same bytes and the same zlib.
  ///
  /// - Throws: An error of kind `system` where zlib has no memory.
  package static func compressed(_ bytes: [UInt8]) throws(CassetteError) -> [UInt8] {
    try Deflater.member(of: bytes, format: .zlib)
  }

  /// What compressed bytes hold; nil where they are damaged, go on behind their end, or hold more
  /// than so many bytes.
  package static func inflated(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    guard var inflater = try? Inflater(.zlib) else { return nil }
    var output: [UInt8] = []
    var rest = bytes[...]
    while true {
      var step = Inflater.Step(consumed: 0, produced: 0, isAtEnd: false, failure: nil)
      output += [UInt8](unsafeUninitializedCapacity: 1 << 14) { room, count in
        rest.withUnsafeBufferPointer { step = inflater.step(from: $0, into: room) }
        count = step.produced
      }
      rest = rest.dropFirst(step.consumed)
      guard step.failure == nil, output.count <= limit else { return nil }
      if step.isAtEnd { return rest.isEmpty ? output : nil }
      guard step.consumed > 0 || step.produced > 0 else { return nil }
    }
  }
}
