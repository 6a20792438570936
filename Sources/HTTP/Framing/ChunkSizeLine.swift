/// The line in front of a chunk, without its end. (RFC 9112, 7.1)
struct ChunkSizeLine {
  /// The bytes of the chunk; 0 for the last one.
  let size: Int

  /// Whether what follows the size is nothing, or extensions. (RFC 9112, 7.1.1)
  let hasSoundExtensions: Bool

  /// Reads a line, or is nil where no size that can be counted stands at its beginning.
  init?(_ line: ArraySlice<UInt8>) {
    let digits = line.prefix(while: \.isHexDigit)
    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
    self.size = size
    let extensions = line[digits.endIndex...]
    let mark = extensions.first { !$0.isBlank }
    hasSoundExtensions =
      (extensions.isEmpty || mark == UInt8(ascii: ";")) && extensions.allSatisfy(\.isFieldContent)
  }
}
