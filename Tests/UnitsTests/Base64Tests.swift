import TestSupport
import Testing

@testable import Units

@Suite struct Base64Tests {
  @Test(
    "the test vectors of RFC 4648 go both ways",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{0}\u{10}\u{3f}~?", "ABA/fj8="),
    ])
  func vectors(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == Array(encoded.utf8))
    #expect(Base64.decode(Array(encoded.utf8)) == Array(plain.utf8))
  }

  @Test("a text is read exactly when it is the one that is written for its bytes")
  func onlyCanonical() {
    var seed = SeededGenerator(5)
    let pool = Array("AQgw/+=Zz".utf8) + [0x20, 0x0a, 0x2d, 0xff]
    var accepted = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...9, using: &seed)).map { _ in
        pool[Int.random(in: 0..<pool.count, using: &seed)]
      }
      guard let bytes = Base64.decode(text) else { continue }
      accepted += 1
      #expect(Base64.encode(bytes) == text)
    }
    #expect(accepted > 2_000)
    for count in 0..<50 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &seed) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }
}
