import Cassettes
import LosslessJSON
import Planning
import Testing

@testable import Deck
@testable import Matching

@Suite("A session that has a cassette of its own chooses from that")
struct SessionScopeTests {
  private static func library() -> Library {
    var library = Library()
    for (index, name) in ["a", "b%2E1"].enumerated() {
      library.add(
        cassette: name, [.recorded(["data: \(name)\n\n"], at: index)], path: "/none/\(name).tape")
    }
    return library
  }

  /// The bodies that a session may be answered with.
  private static func found(
    _ session: String, header: String = "", forwards: Bool = false, folder: String? = "/none"
  ) throws -> String {
    let matcher = Matcher(
      library: library(), matchesBody: false, policy: forwards ? .whereNothingMatches : .never,
      session: session,
      sessionFolder: folder.map(CassettePath.resolved))
    let scope = try matcher.scope(of: try Directives(header: header))
    let request = ComparableRequest(
      method: "POST", target: "/v1/messages", headers: [], body: [], comparing: Comparison())
    guard case .exact(let entry) = matcher.match(request, number: 1, in: scope) else {
      return "none"
    }
    return entry.cassette
  }

  @Test("its own where there is one, else all; while it is recorded, nothing")
  func scopes() throws {
    #expect(try Self.found("b.1") == "b%2E1")
    #expect(try Self.found("b.1", folder: nil) == "a")
    #expect(try Self.found("c") == "a")
    #expect(try Self.found("c", forwards: true) == "none")
    #expect(try Self.found("c", forwards: true, folder: nil) == "a")
    #expect(try Self.found("", forwards: true) == "a")
    #expect(try Self.found("b.1", header: "cassette=a") == "a")
    #expect(try Self.found("b.1", header: "exchange=1") == "b%2E1")
    #expect(throws: MatchingError.self) { try Self.found("c", header: "exchange=1") }
  }

  @Test("what it left unplayed is of its own cassette")
  func unplayed() async throws {
    let one = [Exchange.recorded(["data: a\n\n"]), Exchange.recorded(["data: b\n\n"], at: 1)]
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.forwarding.target = .folder(".")
    }
    try await TestDeck.serve(one, also: [("s.tape", one)], configure) { (port) throws in
      let left = { (session: String) in
        try page(port, "api/sessions/\(session)")["unplayed"]?.bytes ?? []
      }
      _ = try ask(port, "/~session=s/v1/messages")
      #expect(try left("s") == Array(#"[{"cassette":"s.tape","exchange":2}]"#.utf8))
      _ = try ask(port, "/~session=t/v1/messages")
      #expect(try page(port, "api/sessions/t")["unplayed"]?.elements?.count == 3)
    }
  }

  @Test("the file of a session has a name that every file system takes")
  func names() {
    #expect(
      SessionCassette.fileName(of: "tests/a_b-c.py::t[1]")
        == "tests%2Fa_b-c%2Epy%3A%3At%5B1%5D.tape")
    #expect(SessionCassette.name(of: "\u{1}") == "%01")
  }
}
