import Patterns
import TestSupport
import Testing

@testable import Redaction

/// What is settled may go while a body still grows: what comes out is the same.
@Suite struct SlidingRedactionTests {
  /// Redacts a body of which only what is needed stays in memory.
  private func slide(
    _ body: [UInt8], by rules: RedactionRules, cutAt cuts: [Int]
  ) -> (written: [UInt8], longest: Int) {
    var redactor = BodyRedactor(rules: rules)
    var window: [UInt8] = []
    var settled = 0
    var (taken, longest) = (0, 0)
    var written: [UInt8] = []
    for (number, end) in (cuts + [body.count]).enumerated() {
      window += body[taken..<end]
      taken = end
      let now = redactor.redact(&window, isFinal: number == cuts.count)
      written += window[settled..<now]
      longest = max(longest, window.count)
      let gone = max(0, now - BodyRedactor.lookbackBytes)
      window.removeFirst(gone)
      redactor.forget(gone)
      settled = now - gone
    }
    return (written, longest)
  }

  private static let pieces =
    SecretSamples.secrets + [
      "data: ", "data:{\"a\":\"", "\"}", "\n\n", "\r\n\r\n", "user-123", "\"secret x\"", "a@b.c",
      "{\"c\":[1,\"x\"]}", "\"signature\":\"", "é", "\\", "event: x\n", "\"password\":\"", "\\\"",
      "{\"a\":\"{\\\"token\\\":\\\"", "\\\"}", "\"credentials\":{\"x\":[\"", "API_KEY=", " ", "\"",
      "\"logprob\":-1,\"token\":\"abc123DEF456\"", "https://a:b@c/", "?sig=",
      String(repeating: "words and ", count: 40), String(repeating: "\"x\",", count: 150),
      String(repeating: "aB3_", count: 300), String(repeating: " ", count: 600),
    ]

  private func compare(
    _ rules: RedactionRules, seed: UInt64, rounds: Int, first: (Int) -> String
  ) -> Int {
    var seed = SeededGenerator(seed)
    var gone = 0
    for round in 0..<rounds {
      var text = first(round)
      for _ in 0..<Int.random(in: 10...80, using: &seed) {
        text += Self.pieces.randomElement(using: &seed) ?? ""
      }
      let body = Array(text.utf8)
      var wanted = body
      Redactor.redact(body: &wanted, by: rules)
      let some = (0..<12).map { _ in Int.random(in: 0...body.count, using: &seed) }.sorted()
      let cuts = round % 4 == 0 ? Array(stride(from: 1, to: body.count, by: 7)) : some
      let (written, longest) = slide(body, by: rules, cutAt: cuts)
      #expect(written == wanted, "\(cuts) in \(text)")
      if longest < body.count { gone += 1 }
    }
    return gone
  }

  @Test("with the standard rules, whatever stands in a body and however it is cut")
  func standard() {
    #expect(compare(.standard, seed: 11, rounds: 400) { _ in "" } > 300)
  }

  @Test("with the rules of a user, in event streams and other text")
  func custom() throws {
    let rules = try RedactionRules(
      patterns: ["us[er]+-\\d+", "\"(secret) ?[^\"]*\"", "[a-z]+@[a-z.]+"].map {
        try Pattern($0)
      },
      pointers: ["/a", "/c/*"].map { try RedactionPointer(parsing: $0) })
    #expect(compare(rules, seed: 12, rounds: 300) { $0 % 2 == 0 ? "data: " : "id: 1\n" } > 100)
  }

  @Test("a line that quotes were on long before is still one with quotes")
  func distantQuote() {
    let body = Array(
      ("{\"a\":\"" + String(repeating: "x", count: 6000) + "\\nAPI_KEY=\"" + "hunter2hunter2 rest")
        .utf8)
    var wanted = body
    Redactor.redact(body: &wanted)
    let (written, longest) = slide(body, by: .standard, cutAt: [100, 3000, 6010, 6016, 6020])
    #expect(written == wanted)
    #expect(longest < body.count)
  }
}
