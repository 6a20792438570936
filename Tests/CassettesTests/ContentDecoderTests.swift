import Testing

@testable import Cassettes

@Suite("A content decoder")
struct ContentDecoderTests {
  private static let text = Array(
    (0..<40).map { "data: {\"n\":\($0)}\n\n" }.joined().utf8)

  // zlib.compress(b"hello hello hello") of Python.
  private static let wrapped: [UInt8] = [
    0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x90, 0x00, 0x3a, 0x2e, 0x06, 0x7d,
  ]
  private static let raw = Array(wrapped.dropFirst(2).dropLast(4))

  /// Decodes pieces, each on its own.
  private func decoded(
    _ coding: String, _ pieces: [[UInt8]]
  ) throws -> (bytes: [UInt8], failure: ContentDecoder.Failure?, isWhole: Bool) {
    var decoder = try decoder(coding)
    var bytes: [UInt8] = []
    var failure: ContentDecoder.Failure?
    for piece in pieces {
      let step = decoder.decode(piece)
      bytes += step.bytes
      failure = step.failure
    }
    return (bytes, failure, decoder.isWhole)
  }

  private struct UnknownCoding: Error {}

  private func decoder(_ coding: String) throws -> ContentDecoder {
    guard let decoder = ContentDecoder(coding: coding) else { throw UnknownCoding() }
    return decoder
  }

  private func cases() throws -> [(String, [UInt8], [UInt8])] {
    let member = try Deflater.member(of: Self.text)
    let other = try Deflater.member(of: Array("more".utf8))
    let empty = try Deflater.member(of: [])
    let hello = Array("hello hello hello".utf8)
    return [
      ("gzip", member, Self.text),
      ("X-GZip", member + empty + other, Self.text + Array("more".utf8)),
      ("deflate", Self.wrapped, hello), (" deflate", Self.raw, hello), ("gzip", empty, []),
    ]
  }

  @Test("gives the same for a body cut in two at every place, and byte by byte")
  func everyCut() throws {
    for (coding, body, wanted) in try cases() {
      for cut in 0...body.count {
        let result = try decoded(coding, [Array(body[..<cut]), Array(body[cut...])])
        #expect(result.bytes == wanted && result.failure == nil && result.isWhole)
      }
      let result = try decoded(coding, body.map { [$0] })
      #expect(result.bytes == wanted && result.failure == nil && result.isWhole)
    }
  }

  @Test("a body that stops anywhere gives a beginning, and is not whole")
  func everyEnd() throws {
    for (coding, body, wanted) in try cases() {
      for end in 1..<body.count {
        let result = try decoded(coding, [Array(body[..<end])])
        #expect(wanted.starts(with: result.bytes))
        #expect(result.failure == nil)
        // Between two members nothing tells that more was to come.
        if coding != "X-GZip" { #expect(!result.isWhole) }
      }
    }
  }

  @Test("what was flushed comes out with its piece")
  func flushed() throws {
    let parts = try Gzip.flushed(Self.text, at: [10, 20, Self.text.count])
    var decoder = try decoder("gzip")
    var decodings: [[UInt8]] = []
    for part in parts {
      let isWhole = decoder.isWhole
      #expect(isWhole == decodings.isEmpty)
      decodings.append(decoder.decode(part).bytes)
    }
    let isWhole = decoder.isWhole
    #expect(isWhole)
    #expect(
      decodings == [Array(Self.text[..<10]), Array(Self.text[10..<20]), Array(Self.text[20...])])
  }

  @Test("a body made to grow without bounds is refused at the limit, and nothing comes after it")
  func bomb() throws {
    let bomb = try Deflater.member(of: [UInt8](repeating: 0, count: 4 << 20))
    for limit in [0, 1, 65_535, 65_536, 65_537, (4 << 20) - 1] {
      var decoder = try decoder("gzip")
      let result = decoder.decode(bomb, limitBytes: limit)
      #expect(result.bytes.count == limit)
      #expect(result.failure == .tooLarge(limitBytes: limit))
      let later = decoder.decode(bomb).bytes
      let isWhole = decoder.isWhole
      #expect(later.isEmpty && !isWhole)
    }
    var decoder = try decoder("gzip")
    let whole = decoder.decode(bomb, limitBytes: 4 << 20)
    let isWhole = decoder.isWhole
    #expect(whole.bytes.count == 4 << 20 && whole.failure == nil && isWhole)
  }

  @Test("what is not of the coding is broken, and what came before it is kept")
  func broken() throws {
    let member = try Deflater.member(of: Self.text)
    let trailed = try decoded("gzip", [member + Array("trailing".utf8)])
    #expect(trailed.bytes == Self.text)
    #expect(trailed.failure != nil && !trailed.isWhole)
    var checksum = member
    checksum[checksum.count - 5] ^= 1
    #expect(try decoded("gzip", [checksum]).failure != nil)
    #expect(
      try decoded("gzip", [Array("hello".utf8)]).failure?.description.contains("coding") == true)
    #expect(try decoded("deflate", [[0xFF, 0xFF]]).failure != nil)
    #expect(try decoded("deflate", [Self.wrapped + [0]]).failure != nil)
    #expect(try decoded("deflate", [Self.wrapped, [0]]).failure != nil)
  }

  @Test("says that it cannot", arguments: ["utf-8", "gzip, br", "gzip, gzip", "", "identity"])
  func unknown(coding: String) {
    let isKnown = ContentDecoder(coding: coding) != nil
    #expect(!isKnown)
  }
}
