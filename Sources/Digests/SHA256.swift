internal import CDigests

/// SHA-256 over bytes that come in any pieces. (FIPS 180-4, 6.2)
///
/// ```swift
/// var hash = SHA256()
/// hash.update(Array("abc".utf8))
/// let digest = hash.finalize()
/// ```
package struct SHA256 {
  private static let blockBytes = 64

  private var state = tapedeck_sha256_start()
  /// What does not fill a block yet.
  private var rest: [UInt8] = []
  private var length: UInt64 = 0

  package init() {}

  /// Takes the next bytes.
  package mutating func update(_ bytes: ArraySlice<UInt8>) {
    length &+= UInt64(bytes.count)
    var bytes = bytes
    if !rest.isEmpty {
      let missing = bytes.prefix(Self.blockBytes - rest.count)
      rest += missing
      bytes = bytes.dropFirst(missing.count)
      guard rest.count == Self.blockBytes else { return }
      take(rest[...])
      rest.removeAll(keepingCapacity: true)
    }
    let whole = bytes.count / Self.blockBytes * Self.blockBytes
    take(bytes.prefix(whole))
    rest += bytes.dropFirst(whole)
  }

  /// Takes the next bytes.
  package mutating func update(_ bytes: [UInt8]) { update(bytes[...]) }

  /// The digest, 32 bytes. (FIPS 180-4, 5.1.1 says what comes behind the last byte)
  package func finalize() -> [UInt8] {
    var last = self
    var padding: [UInt8] = [0x80]
    let used = (rest.count + 1 + 8) % Self.blockBytes
    padding += Array(repeating: 0, count: used == 0 ? 0 : Self.blockBytes - used)
    let bits = length &* 8
    padding += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    last.update(padding)
    return withUnsafeBytes(of: last.state) { words in
      words.bindMemory(to: UInt32.self).flatMap { word in
        (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
      }
    }
  }

  /// The digest of some bytes, 32 bytes.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  private mutating func take(_ blocks: ArraySlice<UInt8>) {
    blocks.withUnsafeBufferPointer {
      guard let start = $0.baseAddress, !$0.isEmpty else { return }
      tapedeck_sha256_take(&state, start, $0.count / Self.blockBytes)
    }
  }
}
