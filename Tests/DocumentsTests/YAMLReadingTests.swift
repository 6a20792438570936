import Documents
import Testing

@Suite("Reading YAML")
struct YAMLReadingTests {
  @Test(
    "YAML means what people write with it",
    arguments: [
      ("a: {b: [1, '2']}", "{a: {b: [1, '2']}}"),
      ("---\na: 1\n...\n---\nb\n", "{a: 1} | b"),
      ("a: 1\r\nb:\r\n- 2\r\n", "{a: 1, b: [2]}"),
      ("\u{FEFF}a: 1\n", "{a: 1}"),
      ("", ""),
      ("# nothing\n", ""),
      ("---\n", ""),
      ("a: &x [1]\nb: *x\n", "{a: [1], b: [1]}"),
      ("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n", "{a: {p: 1, q: 2}, b: {q: 3, p: 1}}"),
      (
        "a: &x {p: 1}\nb: &y {p: 2, q: 3}\nc: {<<: [*x, *y], r: 4}\n",
        "{a: {p: 1}, b: {p: 2, q: 3}, c: {r: 4, p: 1, q: 3}}"
      ),
      ("'<<': {a: 1}\n", "{'<<': {a: 1}}"),
      ("<<: text\n", "{<<: text}"),
      ("!!python/object/new:a.B\nx: !!binary aGk=\n", tagged),
      ("a: !ruby/object:C [1]\nb: !mine 2\n", "{a: <!ruby/object:C> [1], b: <!mine> 2}"),
      ("? !!python/tuple [a, b]\n: 1\n", "{<tag:yaml.org,2002:python/tuple> [a, b]: 1}"),
      ("? {a: b}\n: 1\n", "{{a: b}: 1}"),
      ("a: |\n  x\n\n  y\nb: >-\n  p\n  q\n", "{a: 'x\n\ny\n', b: 'p q'}"),
    ])
  func meaning(text: String, expected: String) throws {
    for pieceBytes in [1, 7, .max] {
      let found = try documents(text, pieceBytes: pieceBytes)
      #expect(found.map(\.brief).joined(separator: " | ") == expected)
    }
  }

  private static let tagged =
    "<tag:yaml.org,2002:python/object/new:a.B> {x: <tag:yaml.org,2002:binary> aGk=}"

  @Test("UTF-16 is read as what it says", arguments: [true, false])
  func wideCharacters(isBigEndian: Bool) throws {
    let units = Array("\u{FEFF}a: \u{1F600}\n".utf16)
    let bytes = units.flatMap { unit in
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return isBigEndian ? pair : pair.reversed()
    }
    #expect(try reader(bytes).next()?["a"]?.text == "\u{1F600}")
  }

  @Test("Nodes know the line on which they begin")
  func lines() throws {
    let node = try #require(try documents("# one\na:\n- x\n- {b: 1}\n").first)
    let items = try #require(node["a"]?.items)
    #expect(node.line == 2)
    #expect(items.map(\.line) == [3, 4])
  }

  @Test("The elements at the paths are handed over one by one, before more of the file is read")
  func streaming() throws {
    var pulled = 0
    let elements = (0..<2_000).map {
      "  - {n: \($0), fill: \(String(repeating: "x", count: 500))}\n"
    }
    var rest = Array(("v: 1\nlist:\n" + elements.joined() + "other: [2]\n").utf8)[...]
    let count = rest.count
    let reader = DocumentReader(
      { limitBytes in
        let piece = rest.prefix(min(limitBytes, 4_096))
        rest = rest.dropFirst(piece.count)
        pulled += piece.count
        return Array(piece)
      }, syntax: .yaml, limits: DocumentLimits(nodeBytes: 200_000))
    var numbers: [Int?] = []
    var pulledAtFirst = 0
    let document = try reader.next(streaming: [["nothing"], ["list"]]) { node, path in
      if numbers.isEmpty { pulledAtFirst = pulled }
      numbers.append(path == 1 ? node["n"]?.int : nil)
    }
    #expect(numbers == Array(0..<2_000))
    #expect(pulledAtFirst < count / 10)
    #expect(document?.brief == "{v: 1, list: [], other: [2]}")
    #expect(try reader.next() == nil)
  }

  @Test(
    "Elements are handed over wherever their list stands",
    arguments: [
      ("- 1\n- 2\n", [], "1 2 > []"),
      ("x: &l [1, 2]\na: {b: *l}\n", ["a", "b"], "1 2 > {x: [1, 2], a: {b: []}}"),
      ("x: &m {b: [1]}\na:\n  <<: *m\n", ["a", "b"], "1 > {x: {b: [1]}, a: {b: []}}"),
      ("a: {b: text}\n", ["a", "b"], " > {a: {b: text}}"),
      ("a: [[1], [2]]\n", ["a"], "[1] [2] > {a: []}"),
    ])
  func places(text: String, path: [String], expected: String) throws {
    var handed: [String] = []
    let node = try reader(text.utf8).next(streaming: [path]) { node, _ in handed.append(node.brief)
    }
    #expect(handed.joined(separator: " ") + " > " + (node?.brief ?? "") == expected)
  }

  @Test("What a receiver throws ends the reading")
  func thrown() throws {
    struct Enough: Error {}
    let reader = reader("- 1\n- 2\n".utf8)
    #expect(throws: Enough.self) { try reader.next(streaming: [[]]) { _, _ in throw Enough() } }
    #expect(try reader.next() == nil)
  }
}
