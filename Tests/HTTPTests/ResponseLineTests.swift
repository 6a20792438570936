import Testing

@testable import HTTP

@Suite("Lines of a response")
struct ResponseLineTests {
  @Test(
    "a status line is told from a field line",
    arguments: [
      ("HTTP/1.1 200 OK\r\n", "1.1", 200), ("HTTP/2 404 \r\n", "2", 404),
      ("HTTP/1.0 529", "1.0", 529),
      ("http/1.1 200 OK", nil, 0), ("HTTP/1.1 2000 OK", nil, 0), ("HTTP/1.1", nil, 0), ("", nil, 0),
      ("HTTP/1.1 -20 OK", nil, 0), ("x: HTTP/1.1 200", nil, 0),
    ] as [(String, String?, Int)])
  func statusLine(text: String, version: String?, status: Int) {
    let line = StatusLine(Array(text.utf8))
    #expect(line?.version == version)
    if version != nil { #expect(line?.status == status) }
  }

  @Test(
    "field lines lose the white space around them and nothing else",
    arguments: [
      (["a:b\r\n"], [HeaderField("a", "b")]), (["A : \t b c \t\r\n"], [HeaderField("A", "b c")]),
      (["a:\n"], [HeaderField("a", "")]), (["a: b:c"], [HeaderField("a", "b:c")]),
      (["nothing"], []), ([" a: b"], []), (["a b: c", " d", "e: f"], [HeaderField("e", "f")]),
      ([": a"], []),
      (["a: b", "  c", "\t", " d"], [HeaderField("a", "b c d")]),
      (["a:", " b"], [HeaderField("a", "b")]), (["a: b\rc\u{0}d"], [HeaderField("a", "b c d")]),
    ] as [([String], [HeaderField])])
  func fields(lines: [String], wanted: [HeaderField]) {
    var section = HeaderSection()
    for line in lines { _ = section.add(Array(line.utf8)) }
    #expect(section.fields == wanted)
  }

  @Test("every byte of a value is one scalar")
  func latin1() {
    var section = HeaderSection()
    _ = section.add([0x61, 0x3A] + Array(0x21...0xFF))
    #expect(section.fields.first?.value.unicodeScalars.map(\.value) == Array(0x21...0xFF))
  }
}
