import Cassettes
import Planning
import Testing

@testable import Matching

@Suite("A library finds what answers a request")
struct LibraryTests {
  private static func exchange(_ id: String, at second: Int) -> Exchange {
    Exchange(
      request: RecordedRequest(
        id: id, at: "2026-01-01T00:00:0\(second)Z", method: "POST", url: "http://h/v1/messages"),
      head: ResponseHead(status: 200), ending: Ending(how: .complete))
  }

  private static let request = ComparableRequest(
    method: "POST", target: "/v1/messages", headers: [], body: [], comparing: Comparison())

  private static func library() -> Library {
    var library = Library()
    library.add(
      cassette: "later", [exchange("c", at: 3), exchange("d", at: 1)], path: "later.tape",
      resolvedPath: "/r/later.tape")
    library.add(
      cassette: "earlier", [exchange("a", at: 2)], path: "earlier.tape",
      resolvedPath: "/r/earlier.tape")
    return library
  }

  @Test("cassettes come by the time of their first exchange, exchanges by their place")
  func order() {
    let found = Self.library().entries(for: Self.request.line)
    #expect(found.map(\.exchange.request.id) == ["a", "c", "d"])
  }

  @Test("the attempt selects among equal requests, and the last one serves all later attempts")
  func attempts() throws {
    let matcher = Matcher(library: Self.library(), matchesBody: true)
    let ids = (1...4).map { number -> String in
      guard case .exact(let entry) = matcher.match(Self.request, number: number, in: .all) else {
        return "none"
      }
      return entry.exchange.request.id
    }
    #expect(ids == ["a", "c", "d", "d"])
  }

  @Test("a cassette is found by where its file really is, and one that there is not is said")
  func scopes() throws {
    let library = Self.library()
    #expect(library.cassette(resolvedPath: "/r/later.tape")?.name == "later")
    #expect(library.cassette(resolvedPath: "later.tape") == nil)
    let matcher = Matcher(library: library, matchesBody: true)
    let error = #expect(throws: MatchingError.self) {
      try matcher.scope(of: Directives(header: "cassette=lather"))
    }
    #expect(error?.reason == .unknown)
    #expect(error?.message.contains("later") == true)
  }
}
