import CDigests
import Testing

@testable import Digests

@Suite("SHA-256 is that of FIPS 180-4, with the processor's instructions and without")
struct SHA256Tests {
  /// The examples of NIST, and two of its test vectors for messages of whole bytes.
  static let vectors: [(message: [UInt8], digest: String)] = [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      Array(
        ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    ([0xd3], "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"),
    (
      Array(repeating: UInt8(ascii: "a"), count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  private static func hexadecimal(_ digest: [UInt8]) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test("a message has the digest of the standard's vectors", arguments: vectors)
  func digest(message: [UInt8], digest: String) {
    #expect(Self.hexadecimal(SHA256.hash(message)) == digest)
  }

  @Test("where a message is cut changes nothing, around every multiple of the block")
  func cuts() {
    let message = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
    for length in 0...message.count {
      let whole = SHA256.hash(Array(message.prefix(length)))
      for cut in [0, 1, 55, 56, 63, 64, 65, 119, 128, 129] where cut <= length {
        var hash = SHA256()
        hash.update(message[..<cut])
        hash.update(message[cut..<length])
        #expect(hash.finalize() == whole, "\(length) cut at \(cut)")
      }
    }
  }

  @Test("a digest can be asked for, and the message go on")
  func goesOn() {
    var hash = SHA256()
    hash.update(Array("ab".utf8))
    _ = hash.finalize()
    hash.update(Array("c".utf8))
    #expect(hash.finalize() == SHA256.hash(Array("abc".utf8)))
  }

  @Test("the processor's instructions come to what the rounds written out come to")
  func portable() {
    let blocks = (0..<64 * 50).map { UInt8(truncatingIfNeeded: $0 &* $0 &+ 13) }
    for count in 0...50 {
      var one = tapedeck_sha256_start()
      var other = one
      tapedeck_sha256_take(&one, blocks, count)
      tapedeck_sha256_take_portably(&other, blocks, count)
      let words = [one, other].map { withUnsafeBytes(of: $0) { Array($0) } }
      #expect(words[0] == words[1], "\(count) blocks")
    }
  }
}
