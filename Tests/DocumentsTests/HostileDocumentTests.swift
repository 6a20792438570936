import Documents
import Testing

@Suite("Documents that are broken or made to do harm")
struct HostileDocumentTests {
  @Test("A billion laughs are one error")
  func laughs() throws {
    var text = "a0: &a0 ha\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let error = try #require(failure(text.utf8))
    #expect(error.reason.contains("the aliases stand for more than 1000000 nodes"))
    #expect(error.line == 7)
  }

  @Test("Aliases of a large text count as if it were written again")
  func largeAliases() {
    let text =
      "a: &a \(String(repeating: "x", count: 1_000))\nb: [\(Array(repeating: "*a", count: 50).joined(separator: ","))]\n"
    #expect(failure(text.utf8) == nil)
    let error = failure(text.utf8, limits: DocumentLimits(nodeBytes: 20_000))
    #expect(error?.line == 2)
  }

  @Test(
    "An alias is taken only where it stands for something that is there",
    arguments: [
      ("a: *b\n", "expected an anchor &b before the alias *b, found none"),
      ("a: &a [*a]\n", "expected an anchor &a before the alias *a, found none"),
      ("--- &a 1\n--- *a\n", "expected an anchor &a before the alias *a, found none"),
    ])
  func aliases(text: String, reason: String) {
    #expect(failure(text.utf8)?.reason == reason)
  }

  @Test("An alias of what was handed over is an error")
  func streamedAlias() {
    let reader = reader("a: &a [1]\nb: *a\n".utf8)
    #expect(throws: DocumentError.self) { try reader.next(streaming: [["a"]]) { _, _ in } }
  }

  @Test(
    "Nesting has a limit, and no depth ends the program", arguments: [DocumentSyntax.yaml, .json])
  func depth(syntax: DocumentSyntax) throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(failure(nested(64).utf8, syntax) == nil)
    for depth in [65, 1_000, 200_000] {
      let error = try #require(failure(nested(depth).utf8, syntax))
      #expect(
        error.description
          == "line 1: expected sequences and mappings at most 64 deep, found deeper ones")
    }
    let open = String(repeating: syntax == .json ? "{\"a\":" : "{a: ", count: 100_000)
    #expect(failure(open.utf8, syntax)?.line == 1)
    let deep = DocumentLimits(nesting: .max)
    #expect(
      failure(nested(100_000).utf8, syntax, limits: deep)?.reason.contains("1000 deep") == true)
  }

  @Test("Nesting by aliases counts too")
  func aliasDepth() {
    var text = "a0: &a0 []\n"
    for level in 1...70 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(failure(text.utf8)?.reason.contains("at most 64 deep") == true)
  }

  @Test("Indented blocks nest no deeper either")
  func blockDepth() {
    let text = (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(failure(text.utf8)?.reason.contains("at most 64 deep") == true)
  }

  @Test(
    "One value that does not end is refused before it is in memory",
    arguments: [("a: \"", DocumentSyntax.yaml), ("a: |\n  ", .yaml), ("- ", .yaml), ("[\"", .json)])
  func endless(start: String, syntax: DocumentSyntax) throws {
    var pulled = 0
    var isFirst = true
    let reader = DocumentReader(
      { limitBytes in
        defer { isFirst = false }
        let bytes =
          isFirst ? Array(start.utf8) : [UInt8](repeating: UInt8(ascii: "x"), count: limitBytes)
        pulled += bytes.count
        return bytes
      }, syntax: syntax, limits: DocumentLimits(nodeBytes: 1 << 20))
    let error = #expect(throws: DocumentError.self) { try reader.next(streaming: [[]]) { _, _ in } }
    #expect(
      error?.reason == "expected at most 1048576 bytes in one exchange or around them, found more")
    #expect(pulled < 2 << 20)
  }

  @Test("What stands between documents is bounded: libyaml compares each directive with all")
  func directives() {
    let text = (0..<200_000).map { "%TAG !a\($0)! tag:x,\($0):\n" }.joined() + "--- a\n"
    #expect(failure(text.utf8)?.reason == "expected a document within 262144 bytes, found none")
  }

  @Test("Values have a limit in number", arguments: [DocumentSyntax.yaml, .json])
  func manyNodes(syntax: DocumentSyntax) {
    let text = "[" + Array(repeating: "1", count: 100).joined(separator: ",\n") + "]"
    let limits = DocumentLimits(nodes: 50)
    #expect(failure(text.utf8, syntax, limits: limits)?.line == 50)
    #expect(failure(text.utf8, syntax, limits: DocumentLimits(nodes: 101)) == nil)
  }

  @Test(
    "Bytes that are no text are an error with their place",
    arguments: [
      (
        [0x61, 0x3A, 0x0A, 0x20, 0xE9, 0x0A, 0x62, 0x0A], 2,
        "0xa at byte 5: invalid trailing UTF-8 octet"
      ),
      ([0x61, 0x0A, 0x0A, 0x00, 0x62], 3, "0x0 at byte 3: control characters are not allowed"),
      ([0x61, 0x3A, 0x20, 0xF0, 0x9F], 1, "incomplete UTF-8 octet sequence"),
      ([0xFF, 0xFE, 0x61, 0x00, 0x62], 1, "incomplete UTF-16 character"),
    ] as [([UInt8], Int, String)])
  func encodings(bytes: [UInt8], line: Int, words: String) {
    let error = failure(bytes)
    #expect(error?.line == line)
    #expect(error?.reason.hasPrefix("expected text in UTF-8 or UTF-16, found") == true)
    #expect(error?.reason.contains(words) == true)
  }

  @Test("JSON in UTF-16 or with bytes that are no UTF-8 is an error")
  func encodingsOfJSON() {
    let wide: [UInt8] = [0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00]
    #expect(failure(wide, .json)?.reason.contains("expected JSON in UTF-8, found UTF-16") == true)
    let broken: [UInt8] = Array("[\n\"".utf8) + [0xE9] + Array("\"]".utf8)
    #expect(failure(broken, .json)?.description == "line 2: the JSON is not UTF-8, at byte 3")
    #expect(failure([0x5B, 0x00, 0x5D], .json)?.reason.contains("found the byte 0x0") == true)
  }

  @Test(
    "A file that is cut inside a value says so",
    arguments: [
      ("a: \"x", "the file ends inside a value: libyaml found unexpected end of stream"),
      ("a: [1, 2", "the file ends inside a value: libyaml did not find expected ',' or ']'"),
      ("a: {b: 1", "the file ends inside a value: libyaml did not find expected ',' or '}'"),
      ("a: 1\nb", "the file ends inside a value: libyaml could not find expected ':'"),
    ])
  func cuts(text: String, reason: String) {
    let error = failure(text.utf8)
    #expect(error?.reason.hasPrefix(reason) == true)
    #expect(error?.line ?? 0 > 0)
  }

  @Test("What is no YAML is an error in one line")
  func noYAML() {
    let error = failure("a: 1\n b: [\n]}\n- x\n".utf8)
    #expect(error?.reason.hasPrefix("expected YAML, but libyaml ") == true)
    #expect(error?.description.contains("\n") == false)
  }

  private static let yaml = """
    version: 1
    interactions:
    - request: &r
        headers: {Accept: ['*/*'], User-Agent: "x\\u00e9"}
        body: |
          {"a": 1}
      response:
        body: {string: "data: x\\n\\ndata: 😀\\n\\n"}
    - request: *r
      response: {body: {string: !!binary aGk=}}

    """

  private static let json = """
    {"log": {"entries": [
      {"request": {"method": "POST", "n": [1, 2.5e3, true, null]}, "text": "é\\u00e9\\n😀"},
      {"request": {"method": "GET"}, "response": {"status": 200, "content": {"text": ""}}}
    ]}}

    """

  @Test("A file cut at any byte is an error with a line, or is read as far as it goes")
  func everyCut() throws {
    for (text, syntax) in [(Self.yaml, DocumentSyntax.yaml), (Self.json, .json)] {
      let bytes = Array(text.utf8)
      for count in bytes.indices {
        let failure = failure(bytes.prefix(count), syntax)
        if let failure { #expect(failure.line > 0 && !failure.reason.contains("\n")) }
        if syntax == .json, count > 0, count < bytes.count - 2 {
          #expect(failure?.reason.contains("the file ends inside a JSON value") == true)
        }
      }
    }
  }

  @Test("No byte that is changed ends the program")
  func everyByte() {
    for (text, syntax) in [(Self.yaml, DocumentSyntax.yaml), (Self.json, .json)] {
      let bytes = Array(text.utf8)
      for index in bytes.indices {
        for byte: UInt8 in [0x00, 0x0D, 0x22, 0x26, 0x2A, 0x5D, 0x7D, 0xC3, 0xFF] {
          var changed = bytes
          changed[index] = byte
          let failure = failure(changed, syntax)
          #expect(failure?.reason.contains("\n") != true)
        }
      }
    }
  }
}
