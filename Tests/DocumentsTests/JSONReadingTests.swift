import Documents
import Testing

@Suite("Reading JSON")
struct JSONReadingTests {
  @Test(
    "JSON is read whatever the pieces are in which it comes",
    arguments: [
      (#"{"a":[1,-2.5e+3,true,false,null,"x"]}"#, "{'a': [1, -2.5e+3, true, false, null, 'x']}"),
      (#"["\u00e9\n\\\"","é😀","\ud83d\ude00"]"#, "['é\n\\\"', 'é😀', '😀']"),
      ("\u{FEFF} [ ]\r\n", "[]"),
      ("{}", "{}"),
      ("", ""),
      (" 12 ", "12"),
      ("{\"a\":1}\n{\"b\":2}\n[3]", "{'a': 1} | {'b': 2} | [3]"),
      (#"{"<<":{"a":1},"":0}"#, "{'<<': {'a': 1}, '': 0}"),
    ])
  func meaning(text: String, expected: String) throws {
    for pieceBytes in [1, 2, 5, .max] {
      let found = try documents(text, .json, pieceBytes: pieceBytes)
      #expect(found.map(\.brief).joined(separator: " | ") == expected)
    }
  }

  @Test("Nodes know the line on which they begin")
  func lines() throws {
    let node = try #require(try documents("{\n\n\"a\":\n[1,\n{}]}", .json).first)
    #expect(node["a"]?.line == 4)
    #expect(node["a"]?.items?.map(\.line) == [4, 5])
  }

  @Test("The elements at the paths are handed over one by one, before more of the file is read")
  func streaming() throws {
    var pulled = 0
    let elements = (0..<2_000).map {
      #"{"n":\#($0),"fill":"\#(String(repeating: "x", count: 500))"}"#
    }
    let text = #"{"v":1,"log":{"entries":["# + elements.joined(separator: ",") + #"],"o":[2]}}"#
    var rest = Array(text.utf8)[...]
    let count = rest.count
    let reader = DocumentReader(
      { limitBytes in
        let piece = rest.prefix(min(limitBytes, 4_096))
        rest = rest.dropFirst(piece.count)
        pulled += piece.count
        return Array(piece)
      }, syntax: .json, limits: DocumentLimits(nodeBytes: 200_000))
    var numbers: [Int?] = []
    var pulledAtFirst = 0
    let document = try reader.next(streaming: [["log", "entries"]]) { node, _ in
      if numbers.isEmpty { pulledAtFirst = pulled }
      numbers.append(node["n"]?.int)
    }
    #expect(numbers == Array(0..<2_000))
    #expect(pulledAtFirst < count / 10)
    #expect(document?.brief == "{'v': 1, 'log': {'entries': [], 'o': [2]}}")
  }

  @Test(
    "An error says where it is, what was expected and what stands there",
    arguments: [
      (#"{"a" 1}"#, "line 1: expected a colon behind a key, found '1', at byte 5"),
      ("[1\n2]", "line 2: expected a comma or ']' behind a value, found '2', at byte 3"),
      ("[1,]", "line 1: expected a JSON value, found ']', at byte 3"),
      ("{a: 1}", "line 1: expected a key in quotes, found 'a', at byte 1"),
      ("[\n\"a", "line 2: the file ends inside a JSON value"),
      ("[tru", "line 1: the file ends inside a JSON value"),
      ("[nul!]", "line 1: expected the word 'null', found 'nul', at byte 1"),
      ("[1, ", "line 1: the file ends inside a JSON value: expected a value, at byte 4"),
      (
        "{\"a\":\"x\ny\"}",
        "line 1: the JSON has a control character that is not escaped, at byte 7"
      ),
      ("[01]", "line 1: the JSON has a number that JSON does not allow, at byte 1"),
    ])
  func errors(text: String, expected: String) {
    #expect(failure(text.utf8, .json)?.description == expected)
  }
}
