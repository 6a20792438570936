import Patterns
import TestSupport
import Testing

@testable import Redaction

@Suite("Rules of a user")
struct RedactionRulesTests {
  private func rules(
    _ patterns: [String] = [], pointers: [String] = [], keep: [String] = []
  ) throws -> RedactionRules {
    RedactionRules(
      patterns: try patterns.map { try Pattern($0) },
      pointers: try pointers.map { try RedactionPointer(parsing: $0) }, keptHeaders: keep)
  }

  @Test("a header that is kept is left whole, unless a pattern covers it")
  func keptHeaders() throws {
    let rules = try rules(["bob"], keep: ["X-API-Key", "cookie"])
    let key = "sk-ant-0123456789abcdef"
    for (name, value, wanted) in [
      ("x-api-key", key, key), ("COOKIE", "a=bob", "a=***"),
      ("x-other", key, SecretSamples.stars(key)), ("api-key", "a", "*"),
    ] {
      #expect(Redactor.redact(value: value, ofField: name, by: rules) == wanted)
    }
  }

  @Test("a header's bytes beyond ASCII are covered each by one star")
  func latin1() throws {
    // What the wire has as UTF-8, a header field holds as Latin-1.
    let value = "J\u{C3}\u{BC}rgen caf\u{E9}"
    let rules = try rules(["Jürgen", "caf."])
    #expect(Redactor.redact(value: value, ofField: "x-name", by: rules) == "******* ****")
  }

  @Test("what a pattern covers of a key leaves the rest of it no less a key")
  func partOfKey() throws {
    let key = "sk-ant-api03-abc123456def-" + String(repeating: "x", count: 20)
    let rules = try rules(["\\d{6}", "def"], pointers: ["/n"])
    var body = Array("data: {\"k\":\"\(key)\",\"n\":5}\n\n".utf8)
    let wanted = Array("data: {\"k\":\"\(SecretSamples.stars(key))\",\"n\":1}\n\n".utf8)
    Redactor.redact(body: &body, by: rules)
    #expect(body == wanted)
  }

  @Test("what comes out does not depend on the cuts, and standard rules are as if there were none")
  func cuts() throws {
    let rules = try rules(
      ["us[er]+-\\d+", "\"(secret) ?[^\"]*\"", "[a-z]+@[a-z.]+"], pointers: ["/a", "/c/*"])
    var seed = SeededGenerator(3)
    let pieces =
      SecretSamples.secrets + [
        "data: ", "data:{\"a\":\"", "\"}", "\n\n", "\r\n\r\n", "user-123", "\"secret x\"", "a@b.c",
        "{\"c\":[1,\"x\"]}", "\"signature\":\"", "é", "\\", "event: x\n", "\"password\":\"",
      ]
    for round in 0..<600 {
      var text = round % 4 == 0 ? "{\"a\":\"x\"," : "data: "
      for _ in 0..<Int.random(in: 1...14, using: &seed) {
        text += pieces.randomElement(using: &seed) ?? ""
      }
      let body = Array(text.utf8)
      var wanted = body
      Redactor.redact(body: &wanted, by: rules)
      #expect(wanted.count == body.count)
      var redactor = BodyRedactor(rules: rules)
      var given: [UInt8] = []
      var written: [UInt8] = []
      let some = (0..<6).map { _ in Int.random(in: 0...body.count, using: &seed) }.sorted()
      for end in (round % 3 == 0 ? Array(0..<body.count) : some) + [body.count] {
        given += body[given.count..<end]
        let settled = redactor.redact(&given, isFinal: end == body.count)
        #expect(given.starts(with: written), "what was settled has changed")
        written = Array(given[..<settled])
      }
      #expect(written == wanted, "\(some) in \(text)")
      var standard = body
      Redactor.redact(body: &standard)
      var same = body
      Redactor.redact(body: &same, by: try self.rules(keep: ["x"]))
      #expect(same == standard)
      var none = body
      Redactor.redact(body: &none, by: try self.rules(["\u{1}"]))
      #expect(none == standard, "with a pattern that matches nothing: \(text)")
    }
  }

}
