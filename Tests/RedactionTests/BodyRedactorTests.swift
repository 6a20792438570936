import TestSupport
import Testing

@testable import Redaction

@Suite("A body redactor")
struct BodyRedactorTests {
  /// Feeds a body in the given pieces and checks what may be written down after each.
  private func redact(_ body: [UInt8], cutAt cuts: [Int]) -> [UInt8] {
    var redactor = BodyRedactor()
    var given: [UInt8] = []
    var written: [UInt8] = []
    for end in cuts + [body.count] {
      given += body[given.count..<end]
      let settled = redactor.redact(&given, isFinal: end == body.count)
      #expect(given.count - settled <= 4096)
      #expect(given.starts(with: written), "what was settled has changed")
      written = Array(given[..<settled])
    }
    #expect(written.count == body.count)
    return written
  }

  private func whole(_ text: String) -> String {
    var body = Array(text.utf8)
    Redactor.redact(body: &body)
    return String(decoding: body, as: UTF8.self)
  }

  @Test("puts as many stars in place of every shape", arguments: SecretSamples.secrets)
  func everyShape(secret: String) {
    for (before, after) in [
      ("", ""), (" ", " "), ("\"", "\""), ("key=", "&b"), ("\\n", "\\n"), ("\\\\n", ""), ("(", ")"),
      ("\\u003d", ""), ("\\u003D", "\\\""), ("%3D", "%26"), ("%253d", ""), ("\\x3d", ""),
      ("é", "é"), ("\u{0}", "\u{0}"), ("Bearer ", "\r\n"),
    ] {
      #expect(whole(before + secret + after) == before + SecretSamples.stars(secret) + after)
    }
  }

  @Test("finds a secret wherever the body is cut", arguments: SecretSamples.secrets)
  func everyCut(secret: String) {
    let text = "data: {\"text\":\"first \\n\(secret)\\n then\"}\n\n"
    let wanted = text.replacing(secret, with: SecretSamples.stars(secret))
    let body = Array(text.utf8)
    for cut in 0...body.count {
      #expect(String(decoding: redact(body, cutAt: [cut]), as: UTF8.self) == wanted)
    }
    let everywhere = redact(body, cutAt: Array(1..<body.count))
    #expect(String(decoding: everywhere, as: UTF8.self) == wanted)
  }

  @Test("finds a secret that ends with the body", arguments: SecretSamples.secrets)
  func atTheEnd(secret: String) {
    let body = Array(secret.utf8)
    let stars = Array(SecretSamples.stars(secret).utf8)
    for cut in 0...body.count { #expect(redact(body, cutAt: [cut]) == stars) }
    #expect(redact(body, cutAt: Array(1..<body.count)) == stars)
  }

  @Test("leaves alone what only resembles a secret", arguments: SecretSamples.harmless)
  func harmless(text: String) {
    for around in ["", " ", "\"", "\\n", "/"] {
      let text = around + text + around
      #expect(whole(text) == text)
      #expect(
        redact(Array(text.utf8), cutAt: Array(1..<max(text.utf8.count, 1))) == Array(text.utf8))
    }
  }

  @Test("takes a letter that ends an escape for no part of a word, and others for one")
  func escapes() {
    let key = "sk-abcdefghijklmnopqrstuvwx"
    for harmless in ["n", "\\a", "u003d", "\\u003", "3D", "%3", "%G3"] {
      #expect(whole(harmless + key) == harmless + key)
    }
  }

  @Test("looks for nothing in signatures and encrypted content")
  func opaqueValues() {
    let key = "sk-ant-0123456789abcdef"
    for name in [
      "signature", "thoughtSignature", "thought_signature", "encrypted_content", "encrypted_index",
    ] {
      let text = "data: {\"\(name)\" : \"ab+\(key)/\\\"\(key)\",\"x\":\"\(key)\"}"
      let wanted =
        "data: {\"\(name)\" : \"ab+\(key)/\\\"\(key)\",\"x\":\"\(SecretSamples.stars(key))\"}"
      #expect(whole(text) == wanted)
      #expect(redact(Array(text.utf8), cutAt: Array(1..<text.utf8.count)) == Array(wanted.utf8))
    }
    let thinking = "{\"type\":\"redacted_thinking\",\"data\":\"/\(key)\"}"
    #expect(whole(thinking) == thinking)
    for open in [
      "{\"data\":\"\(key)\"}", "{\"signature\":null,\"\(key)\":1}",
      "{\"signature\":[1,\"\(key)\"]}",
      "{\"not_a_signature\":\"\(key)\"}", "{\"a\":\"\\\"signature\\\":\",\"b\":\"\(key)\"}",
      "{\"a\":\"signature\",\"b\":\"\(key)\"}", "{\"signature\":\"\n\(key)\"}",
    ] {
      #expect(whole(open) == open.replacing(key, with: SecretSamples.stars(key)))
    }
  }

  @Test("a token whose parts are long is found, one whose first part fills the window is none")
  func longTokens() {
    let payload = "eyJ" + String(repeating: "a", count: 20_000)
    let token = "eyJ" + String(repeating: "b", count: 4000) + "." + payload + ".c-_"
    let body = Array((" " + token + " ").utf8)
    let wanted = Array((" " + SecretSamples.stars(token) + " ").utf8)
    #expect(redact(body, cutAt: Array(stride(from: 1, to: body.count, by: 777))) == wanted)
    #expect(redact(body, cutAt: []) == wanted)
    let over = "eyJ" + String(repeating: "b", count: 4096) + "." + payload
    #expect(whole(over) == over)
    #expect(redact(Array(over.utf8), cutAt: [100, 4095, 4096, 4097]) == Array(over.utf8))
  }

  @Test("what comes out does not depend on the cuts, keeps its length, and is left alone again")
  func random() {
    var generator = SplitMix(state: 7)
    let pieces =
      SecretSamples.secrets + SecretSamples.harmless + [
        "\"", "\\", "\n", ":", ",", "{", "[", " ", "n", "u003d", "%3D", "-", "_", ".", "eyJ", "sk-",
        "\"signature\":\"", "\"redacted_thinking\"", "\"data\":\"", "\u{1F600}", "\r",
        "eyJhbGciOiJIUzI1NiJ9.eyJ", "AKIA", "0123456789ABCDEF",
      ]
    for _ in 0..<1500 {
      var text = ""
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        text += pieces.randomElement(using: &generator) ?? ""
        if Int.random(in: 0..<8, using: &generator) == 0 { text.removeLast() }
      }
      let body = Array(text.utf8)
      var expected = body
      Redactor.redact(body: &expected)
      #expect(expected.count == body.count)
      var again = expected
      Redactor.redact(body: &again)
      #expect(again == expected, "not idempotent: \(text)")
      let cuts = (0..<5).map { _ in Int.random(in: 0...body.count, using: &generator) }.sorted()
      #expect(redact(body, cutAt: cuts) == expected, "\(cuts) in \(text)")
    }
  }
}

/// A seeded generator, so that a failure can be seen again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
