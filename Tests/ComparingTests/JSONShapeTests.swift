import LosslessJSON
import Testing

@testable import Comparing

@Suite("A shape is the fields and types of many values")
struct JSONShapeTests {
  /// The places of a shape with their types, a line each.
  private static func lines(_ shape: JSONShape) -> [String] {
    func lines(at place: Int, _ path: String) -> [String] {
      let node = shape.nodes[place]
      return ["\(path): \(node.types.words)"]
        + node.members.flatMap {
          lines(at: $0, "\(path)/\(String(decoding: shape.nodes[$0].key, as: UTF8.self))")
        }
        + (node.element.map { lines(at: $0, "\(path)/*") } ?? [])
    }
    return lines(at: 0, "")
  }

  private static func shape(_ texts: [String], opaque: Set<String> = []) throws -> JSONShape {
    var shape = JSONShape(opaque: opaque)
    for (index, text) in texts.enumerated() {
      shape.add(try JSONValue(parsing: Array(text.utf8)), event: index + 1)
    }
    return shape
  }

  @Test("members come once, with all types that they had, and elements are folded")
  func folding() throws {
    let shape = try Self.shape([#"{"a":1,"b":[{"c":true},{"c":null}]}"#, #"{"b":[],"a":"x"}"#])
    #expect(
      Self.lines(shape) == [
        ": object", "/a: string or number", "/b: array", "/b/*: object",
        "/b/*/c: boolean or null",
      ])
  }

  @Test("objects of many keys are taken in as well as those of few")
  func manyKeys() throws {
    let keys = (0..<3000).map { "\"k\($0)\":1" }
    let shape = try Self.shape([
      "{\(keys.joined(separator: ","))}", "{\(keys.reversed().joined(separator: ","))}",
    ])
    #expect(shape.nodes.count == 3001)
  }

  @Test("there is a limit to the places, which is told")
  func limit() throws {
    let keys = (0..<30_000).map { "\"k\($0)\":1" }
    let shape = try Self.shape(["{\(keys.joined(separator: ","))}"])
    #expect(shape.nodes.count == 20_000)
    #expect(shape.isCut)
  }

  @Test("what is content has no shape")
  func opaque() throws {
    let shape = try Self.shape([#"{"args":{"city":"Bern"}}"#], opaque: ["args"])
    #expect(Self.lines(shape) == [": object", "/args: object"])
  }
}
