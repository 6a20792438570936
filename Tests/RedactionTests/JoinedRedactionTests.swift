import LosslessJSON
import Patterns
import TestSupport
import Testing

@testable import Redaction

@Suite("Redaction of text that joins across events")
struct JoinedRedactionTests {
  private static let secrets = SecretSamples.secrets.enumerated().map { $0 }

  /// Checks what must hold of every answer that was redacted, and gives what its texts join to.
  private func redact(
    _ split: SplitAnswer, key: String = "text", by rules: RedactionRules = .standard,
    hiding secret: String
  ) throws -> String {
    var answer = split.answer
    let before = try #require(SplitAnswer.read(answer, key: key))
    Redactor.redact(answer: &answer, by: rules)
    #expect(answer.bytes.count == split.answer.bytes.count)
    #expect(SecretScanner().findings(in: answer).isEmpty)
    let after = try #require(SplitAnswer.read(answer, key: key), "an event is not JSON any more")
    #expect(after.count == before.count)
    for (old, new) in zip(before, after) {
      #expect(old.bytes.count == new.bytes.count)
      if old.text == "other words " { #expect(old.bytes == new.bytes) }
    }
    var again = answer
    Redactor.redact(answer: &again, by: rules)
    #expect(again.bytes == answer.bytes)
    let joined = after.filter { $0.text != "other words " }.map(\.text).joined()
    for part in Self.parts(of: secret) { #expect(!joined.contains(part), "\(part) is left") }
    return joined
  }

  /// So long a part is nowhere else by chance.
  private static func parts(of secret: String) -> [String] {
    let letters = Array(secret.suffix(24))
    return (0...max(0, letters.count - 6)).map { String(letters[$0..<min($0 + 6, letters.count)]) }
  }

  @Test(
    "covers every secret, wherever the text is cut and however it is escaped", arguments: secrets)
  func everySecret(number: Int, secret: String) throws {
    let forms = SplitAnswer.Form.allCases
    let split = SplitAnswer(
      "é 📼 see \(secret) \"end\"\n", as: forms[number % forms.count],
      seed: UInt64(number) &* 7 &+ 1)
    let joined = try redact(split, hiding: secret)
    #expect(joined.hasPrefix("é 📼 see ") && joined.hasSuffix(" \"end\"\n"))
  }

  @Test("covers what stands in JSON whose text is cut, by shape and by name", arguments: 0..<12)
  func nestedJSON(seed: Int) throws {
    let secret = SecretSamples.secrets[seed % SecretSamples.secrets.count]
    for inner in [
      #"{"note":"é\n\#(secret) end","n":1}"#, #"{"x":{"api_key":"pa55\u00e9\"word \#(secret)"}}"#,
      #"{"s":"{\"api_key\":\"\#(secret)\"}","t":[1]}"#,
      "{\"x\":\"see \(secret.replacing("-", with: "\\u002d").replacing("_", with: "\\u005F"))\"}",
    ] {
      let split = SplitAnswer(inner, as: .events, key: "partial_json", seed: UInt64(seed) &+ 99)
      let joined = try redact(split, key: "partial_json", hiding: secret)
      #expect((try? JSONValue(parsing: joined)) != nil, "\(joined)")
    }
  }

  @Test("covers a value that only the event before it gives a name", arguments: 0..<8)
  func namedBefore(seed: Int) throws {
    for text in [#"{"api_key":"hunter2hunter"}"#, "API_KEY=hunter2hunter\n"] {
      let split = SplitAnswer(text, as: .lines, seed: UInt64(seed))
      let joined = try redact(split, hiding: "hunter2hunter")
      let parts = joined.split(separator: "*").map(String.init)
      #expect(parts == text.split(separator: "hunter2hunter").map(String.init))
    }
  }

  @Test(
    "covers what a pattern matches only in the joined text", arguments: SplitAnswer.Form.allCases)
  func pattern(form: SplitAnswer.Form) throws {
    let rules = RedactionRules(patterns: [try Pattern("customer ((?:[A-Z]|É|é)+)")])
    for seed in 0..<6 {
      let split = SplitAnswer("the customer ZAPHODÉé Beeblebrox", as: form, seed: UInt64(seed))
      let joined = try redact(split, by: rules, hiding: "ZAPHOD")
      #expect(joined.hasPrefix("the customer *") && joined.hasSuffix(" Beeblebrox"))
    }
  }

  @Test("covers a rest that a recorder could not know of, and leaves emphasis alone")
  func rest() {
    func body(_ texts: String...) -> AnswerBody {
      let events = texts.map { "data: {\"d\":\"\($0)\"}\n\n" }.joined()
      return AnswerBody(Array(events.utf8), isEventStream: true, chunkEnds: [events.utf8.count])
    }
    var answer = body("key ********************", "AbCd", "Ef-g and", "more")
    #expect(
      SecretScanner().findings(in: answer) == [
        SecretFinding(.restOfSecret, in: "response body, events 2 to 3 joined, d")
      ])
    Redactor.redact(answer: &answer)
    #expect(answer.bytes == body("key ********************", "****", "**** and", "more").bytes)
    for texts in [
      body("***", "bold***"), body("****************", ". And"), body("****************"),
    ] {
      var answer = texts
      #expect(SecretScanner().findings(in: answer).isEmpty)
      Redactor.redact(answer: &answer)
      #expect(answer.bytes == texts.bytes)
    }
  }

  @Test("joins a Gemini array whose end is missing, and an event that breaks off")
  func brokenOff() {
    let key = "sk-ant-api03-0123456789abcdef"
    for (start, middle, isStream) in [
      ("[{\"t\":\"", "\"}\n,\r\n{\"t\":\"", false),
      ("data: {\"t\":\"", "\"}\n\ndata: {\"t\":\"", true),
      ("{\"t\":\"", "\"}\n{\"t\":\"", false),
    ] {
      let text = start + key.prefix(12) + middle + key.dropFirst(12)
      var answer = AnswerBody(Array(text.utf8), isEventStream: isStream, chunkEnds: [])
      Redactor.redact(answer: &answer)
      let wanted =
        start + SecretSamples.stars(String(key.prefix(12))) + middle
        + SecretSamples.stars(String(key.dropFirst(12)))
      #expect(String(decoding: answer.bytes, as: UTF8.self) == wanted)
    }
  }

  @Test("leaves signatures, encrypted thinking and what every event says anew alone")
  func opaque() {
    let key = "sk-ant-api03-0123456789abcdef"
    let text = [
      "{\"signature\":\"\(key.prefix(12))\"}", "{\"signature\":\"\(key.dropFirst(12))\"}",
      "{\"type\":\"redacted_thinking\",\"data\":\"\(key.prefix(12))\"}",
      "{\"data\":\"\(key.dropFirst(12))\",\"type\":\"redacted_thinking\"}",
      "{\"id\":\"\(key.prefix(12))\"}", "{\"id\":\"\(key.dropFirst(12))\"}",
    ].map { "data: \($0)\n\n" }.joined()
    var answer = AnswerBody(Array(text.utf8), isEventStream: true, chunkEnds: [])
    #expect(SecretScanner().findings(in: answer).isEmpty)
    Redactor.redact(answer: &answer)
    #expect(answer.bytes == Array(text.utf8))
  }

  @Test("takes any bytes without harm", arguments: 0..<20)
  func anyBytes(seed: Int) {
    var chance = SeededGenerator(UInt64(seed))
    let alphabet = Array("{}[]\",:\\u0041n data:\n\r-skant*\u{e9}".utf8) + [0xC3, 0xFF, 0x00]
    for _ in 0..<40 {
      let start = ["data: {", "[{", "{\"a\":\"", "", "data:\""].randomElement(using: &chance) ?? ""
      var bytes = Array(start.utf8)
      for _ in 0..<Int.random(in: 0...120, using: &chance) {
        bytes.append(alphabet.randomElement(using: &chance) ?? 0)
      }
      var answer = AnswerBody(bytes, isEventStream: Bool.random(using: &chance), chunkEnds: [])
      Redactor.redact(answer: &answer)
      #expect(answer.bytes.count == bytes.count)
      #expect(SecretScanner().findings(in: answer).isEmpty)
    }
  }
}
