import LosslessJSON
import Testing

@testable import Redaction

@Suite("A pointer to redact")
struct PointedValuesTests {
  private func redact(_ text: String, _ pointers: [String], cutAt cuts: [Int] = []) throws -> String
  {
    let rules = RedactionRules(pointers: try pointers.map(RedactionPointer.init(parsing:)))
    var redactor = BodyRedactor(rules: rules)
    let whole = Array(text.utf8)
    var given: [UInt8] = []
    var written: [UInt8] = []
    for end in cuts + [whole.count] {
      given += whole[given.count..<end]
      let settled = redactor.redact(&given, isFinal: end == whole.count)
      #expect(given.starts(with: written), "what was settled has changed")
      written = Array(given[..<settled])
    }
    #expect(written.count == whole.count)
    return String(decoding: written, as: UTF8.self)
  }

  static let documents: [(String, [String], String)] = [
    ("{\"user\":\"bob\",\"x\":\"bob\"}", ["/user"], "{\"user\":\"***\",\"x\":\"bob\"}"),
    ("{\"a\":{\"b\":\"c\"},\"b\":\"c\"}", ["/a/b"], "{\"a\":{\"b\":\"*\"},\"b\":\"c\"}"),
    ("{\"a\":[\"x\",\"y\"]}", ["/a/1"], "{\"a\":[\"x\",\"*\"]}"),
    ("{\"a\":[\"x\",\"y\"]}", ["/a/01", "/a/-", "/a/2"], "{\"a\":[\"x\",\"y\"]}"),
    ("{\"a\":[{\"b\":\"x\"},{\"b\":\"y\"}]}", ["/a/*/b"], "{\"a\":[{\"b\":\"*\"},{\"b\":\"*\"}]}"),
    ("{\"a\":{\"x\":1,\"y\":\"z\"}}", ["/a/*"], "{\"a\":{\"x\":1,\"y\":\"*\"}}"),
    (
      "{\"n\": 1234, \"f\":-0.50e-10 ,\"t\":true,\"z\":null}", ["/n", "/f", "/t", "/z"],
      "{\"n\": 1111, \"f\":-1.11e-11 ,\"t\":true,\"z\":null}"
    ),
    ("{\"a\":{\"k\":[\"v\",7,[false]]}}", ["/a"], "{\"a\":{\"k\":[\"*\",1,[false]]}}"),
    ("{\"a\":\"\\u00e9\\\"é\\\\\"}", ["/a"], "{\"a\":\"\(String(repeating: "*", count: 12))\"}"),
    (
      "{\"\\u0061\":\"b\",\"a/b\":\"c\",\"m~n\":\"d\",\"\":\"e\"}", ["/a", "/a~1b", "/m~0n", "/"],
      "{\"\\u0061\":\"*\",\"a/b\":\"*\",\"m~n\":\"*\",\"\":\"*\"}"
    ),
    ("{\"a\":\"1\",\"a\":\"2\"}", ["/a"], "{\"a\":\"*\",\"a\":\"*\"}"),
    ("[\"a\",{\"b\":\"c\"}]", [""], "[\"*\",{\"b\":\"*\"}]"),
    ("\"text\"", [""], "\"****\""),
    ("{\"a\":\"b\"}\n{\"a\":\"c\"}\n", ["/a"], "{\"a\":\"*\"}\n{\"a\":\"*\"}\n"),
    // What breaks off, and what is no JSON.
    ("{\"a\":\"secr", ["/a"], "{\"a\":\"****"),
    ("{\"a\":\"secr\\", ["/a"], "{\"a\":\"*****"),
    ("{\"a\":[12", ["/a"], "{\"a\":[11"),
    ("{\"x\":oops,\"a\":\"secret é\"}", ["/a"], "{\"x\":****,\"*\":\"****** **\"}"),
    ("{\"x\":'y','a':'z'}", ["/a"], "{\"x\":'*','*':'*'}"),
    ("[INFO] user a says hello", ["/a"], "[INFO] user a says hello"),
    ("[DONE]", ["/0"], "[DONE]"),
    ("[oops, \"secret\"]", ["/1"], "[****, \"******\"]"),
    ("<html>\"a\":\"b\"</html>", ["/a"], "<html>\"a\":\"b\"</html>"),
    ("", ["/a"], ""), ("{}", ["/a"], "{}"), ("[]", ["/0"], "[]"),
    ("{\"a\":\"\"}", ["/a"], "{\"a\":\"\"}"),
  ]

  @Test("covers what it leads to and leaves all other bytes", arguments: documents)
  func document(text: String, pointers: [String], wanted: String) throws {
    #expect(try redact(text, pointers) == wanted)
    #expect(try redact(wanted, pointers) == wanted)
    #expect(wanted.utf8.count == text.utf8.count)
    #expect(
      try redact(text, pointers, cutAt: Array(text.utf8.indices.map { $0.utf16Offset(in: text) }))
        == wanted || !text.utf8.allSatisfy { $0 < 0x80 })
    let isJSON = (try? JSONValue(parsing: text)) != nil
    if isJSON { #expect(throws: Never.self) { try JSONValue(parsing: wanted) } }
  }

  static let streams: [(String, String)] = [
    (
      "data: {\"a\":\"x\"}\n\ndata: {\"b\":\"x\"}\n\n",
      "data: {\"a\":\"*\"}\n\ndata: {\"b\":\"x\"}\n\n"
    ),
    ("event: a\ndata:{\"a\":12}\nid: 12\n\n", "event: a\ndata:{\"a\":11}\nid: 12\n\n"),
    ("data: {\"a\":\r\ndata: \"xy\"}\r\n\r\n", "data: {\"a\":\r\ndata: \"**\"}\r\n\r\n"),
    (
      "data: {\"a\":\"x\"}\r\rdata: {\"a\":\"y\"}\r\r",
      "data: {\"a\":\"*\"}\r\rdata: {\"a\":\"*\"}\r\r"
    ),
    ("\u{FEFF}data: {\"a\":\"x\"}\n\n", "\u{FEFF}data: {\"a\":\"*\"}\n\n"),
    ("data: {\"a\":\"x\"}", "data: {\"a\":\"*\"}"),
    ("data: {\"a\":\"x", "data: {\"a\":\"*"),
    (": {\"a\":\"x\"}\n\ndata: [DONE]\n\n", ": {\"a\":\"x\"}\n\ndata: [DONE]\n\n"),
    ("data: hello\n\ndata: {\"a\":bad}\n\n", "data: hello\n\ndata: {\"a\":***}\n\n"),
    ("database: {\"a\":\"x\"}\ndata\n\n", "database: {\"a\":\"x\"}\ndata\n\n"),
  ]

  @Test("covers in each event of a stream, wherever it is cut", arguments: streams)
  func stream(text: String, wanted: String) throws {
    #expect(try redact(text, ["/a"]) == wanted)
    let count = text.utf8.count
    for cut in 0...count { #expect(try redact(text, ["/a"], cutAt: [cut]) == wanted) }
    #expect(try redact(text, ["/a"], cutAt: Array(0..<count)) == wanted)
  }

  @Test("lets nothing of an event through before it is whole, and all of it then")
  func withheld() throws {
    let rules = RedactionRules(pointers: [try RedactionPointer(parsing: "/a")])
    var redactor = BodyRedactor(rules: rules)
    let first = "event: x\ndata: {\"a\":\"1\"}\n\n"
    var body = Array(
      (first + "event: y\ndata: {\"b\":\"" + String(repeating: "x", count: 9000)).utf8)
    #expect(redactor.redact(&body, isFinal: false) == first.utf8.count + "event: y\n".utf8.count)
    body += Array("\",\"a\":\"z\"}\n\n".utf8)
    #expect(redactor.redact(&body, isFinal: false) == body.count)
    #expect(String(decoding: body, as: UTF8.self).hasSuffix("\"a\":\"*\"}\n\n"))
    var json = BodyRedactor(rules: rules)
    var document = Array("{\"b\":1, ".utf8)
    #expect(json.redact(&document, isFinal: false) == 0)
    #expect(json.redact(&document, isFinal: true) == document.count)
  }

  @Test("no depth of nesting is too deep to be covered")
  func deep() throws {
    let text = String(repeating: "{\"a\":", count: 5_000) + "\"secret\""
    let redacted = try redact(text, ["/a"])
    #expect(redacted.utf8.count == text.utf8.count)
    #expect(!redacted.contains("secret"))
  }
}
