extension Gzip {
  /// The most bytes that a body inflates to here.
  package static let inflatedLimitBytes = 512 << 20

  /// Undoes gzip as far as it can be undone.
  ///
  /// - Returns: What the bytes hold, and whether they are whole members and nothing else.
  package static func inflated(_ bytes: [UInt8]) -> (bytes: [UInt8], isWhole: Bool) {
    var output: [UInt8] = []
    guard var inflater = try? Inflater() else { return (output, false) }
    var rest = bytes[...]
    var isAtEnd = false
    while !rest.isEmpty, output.count < inflatedLimitBytes {
      if isAtEnd { inflater.reset() }
      var step = Inflater.Step(consumed: 0, produced: 0, isAtEnd: false, failure: nil)
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, count in
        rest.withUnsafeBufferPointer { step = inflater.step(from: $0, into: room) }
        count = step.produced
      }
      output += piece
      rest = rest.dropFirst(step.consumed)
      isAtEnd = step.isAtEnd
      guard step.failure == nil, step.consumed > 0 || step.produced > 0 else {
        return (output, false)
      }
    }
    return (output, isAtEnd && rest.isEmpty)
  }
}
