import Documents
import LosslessJSON
import Testing

@Suite("Nodes of documents")
struct NodeTests {
  @Test("A JSON value and the same in YAML give the same texts")
  func texts() throws {
    let json = #"{"a":{"b":["x","1",null]}}"#
    let yaml = "a:\n  b:\n  - x\n  - '1'\n  - ~\n"
    for (text, syntax) in [(json, DocumentSyntax.json), (yaml, .yaml)] {
      var bytes = Array(text.utf8)
      let reader = DocumentReader(
        { _ in
          defer { bytes = [] }
          return bytes
        }, syntax: syntax)
      let node = try #require(try reader.next())
      #expect(node[path: ["a", "b"]]?.items?.map(\.text) == ["x", "1", nil])
      #expect(try reader.next() == nil)
    }
  }
}
