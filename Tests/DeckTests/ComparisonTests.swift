import Cassettes
import HTTP
import LosslessJSON
import Planning
import Testing

@testable import Deck
@testable import Matching

@Suite("What takes part when requests are compared can be chosen")
struct ComparisonTests {
  private static func isEqual(_ a: String, _ b: String, ignoring pointers: [String]) throws -> Bool
  {
    let comparison = Comparison(ignoring: try pointers.map(JSONPointer.init(parsing:)))
    var stream = AskedForm.Member.unsaid
    return ComparableBody(Array(a.utf8), comparing: comparison, noting: &stream)
      == ComparableBody(Array(b.utf8), comparing: comparison, noting: &stream)
  }

  @Test(
    "pointers leave out members, elements and, with *, every one of them",
    arguments: [
      (#"{"a":1,"b":2}"#, #"{"a":9,"b":2}"#, "/a", true),
      (#"{"a":1,"b":2}"#, #"{"b":2}"#, "/a", true),
      (#"{"l":[1,2,3]}"#, #"{"l":[8,9,3]}"#, "/l/0 /l/1", true),
      (#"{"l":[1,2,3]}"#, #"{"l":[8,9,3]}"#, "/l/1 /l/0", true),
      (#"{"l":[1,2,3]}"#, #"{"l":[8,9,3]}"#, "/l/0 /l/0", false),
      (#"{"l":[1,2,3]}"#, #"{"l":[1,2,4]}"#, "/l/0 /l/1", false),
      (
        #"{"l":[{"id":1,"t":"x"},{"id":2,"t":"y"}]}"#, #"{"l":[{"id":3,"t":"x"},{"t":"y"}]}"#,
        "/l/*/id", true
      ),
      (#"{"l":[{"id":1,"t":"x"}]}"#, #"{"l":[{"id":1,"t":"z"}]}"#, "/l/*/id", false),
      (#"{"l":{"a":{"id":1},"b":{"id":2}}}"#, #"{"l":{"a":{},"b":{"id":5}}}"#, "/l/*/id", true),
      (#"{"l":[1,2]}"#, #"{"l":[]}"#, "/l/*", true),
      (#"{"a~b":{"c/d":1}}"#, #"{"a~b":{"c/d":2}}"#, "/a~0b/c~1d", true),
      (#"{"l":[1]}"#, #"{"l":[2]}"#, "/l/00", false),
      ("1", "2", "", true),
    ])
  func pointers(a: String, b: String, pointers: String, expected: Bool) throws {
    let pointers = pointers.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    #expect(try Self.isEqual(a, b, ignoring: pointers) == expected)
  }

  @Test(
    "a field that is named must be equal; several values are one list, and none is an empty one")
  func headers() async throws {
    var exchanges = [Exchange.recorded(["data: a\n\n"]), Exchange.recorded(["data: b\n\n"], at: 1)]
    exchanges[0].request.headers = [HeaderField("X-Kind", "a"), HeaderField("x-kind", "b")]
    let comparison = try Comparison(headers: ["X-Kind", "x-kind"])
    #expect(comparison.headers == ["x-kind"])
    try await TestDeck.serve(exchanges, comparing: comparison, { $0.matchesBody = true }) {
      (port) throws in
      let answer = { (headers: [String]) in try ask(port, headers: headers).text }
      #expect(try answer(["x-kind: a, b"]).contains("data: a"))
      #expect(try answer(["X-KIND: a", "X-Kind: b"]).contains("data: a"))
      #expect(try answer([]).contains("data: b"))
      let missed = try answer(["x-kind: c"])
      #expect(missed.hasPrefix("HTTP/1.1 404"))
      #expect(missed.contains("the header differs at x-kind (recorded a, b, asked c)"))
    }
  }

  @Test(
    "a field that authenticates or frames cannot be asked for",
    arguments: [
      "Authorization", "x-api-key", "cookie", "x-acme-access-token", "content-length", "",
    ])
  func unfit(name: String) {
    #expect(throws: DirectiveError.self) { try Comparison(headers: [name]) }
  }
}
