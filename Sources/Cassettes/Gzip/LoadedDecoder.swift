internal import CCoders

/// Decodes br or one frame of zstd after the other, by a library that is loaded when it is first
/// needed.
final class LoadedDecoder {
  private let decoder: OpaquePointer

  /// Begins to decode, or is nil where the library is not there.
  init?(_ coding: tapedeck_coding) {
    guard let decoder = tapedeck_decoder_new(coding) else { return nil }
    self.decoder = decoder
  }

  deinit { tapedeck_decoder_free(decoder) }

  /// Decodes as much of `input` as `output` has room for.
  func step(
    from input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Inflater.Step {
    let step = tapedeck_decoder_step(
      decoder, input.baseAddress, input.count, output.baseAddress, output.count)
    return Inflater.Step(
      consumed: step.consumed, produced: step.produced, isAtEnd: step.is_at_end != 0,
      failure: step.failure.map { String(cString: $0) })
  }
}
