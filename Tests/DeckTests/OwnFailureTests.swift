import Cassettes
import Testing

@testable import Deck

@Suite("A session's retry is not answered with the failure that was recorded for it just now")
struct OwnFailureTests {
  /// What a request finds behind one recording, or "none".
  private static func found(
    _ exchange: Exchange, for recorded: String?, by session: String, attempt: Int,
    forwards: Bool = true
  ) -> String {
    let shelf = Shelf(Library())
    if let recorded {
      _ = shelf.add(exchange, cassette: "c", path: "/t/c.tape", session: recorded)
    } else {
      shelf.replace(cassette: "/t/c.tape", named: "c", with: [exchange])
    }
    let matcher = Matcher(
      library: shelf.library, matchesBody: true, forwards: forwards, session: session)
    let request = ComparableRequest(exchange.request, comparing: Comparison())
    switch matcher.match(request, number: attempt, in: .all) {
    case .exact(let entry): return "\(entry.number)"
    case .none: return "none"
    default: return "loose"
    }
  }

  @Test("an attempt above the count of a session's own failures matches nothing")
  func ownFailure() {
    let failed = Exchange.failed(529, at: 0)
    #expect(Self.found(failed, for: "a", by: "a", attempt: 2) == "none")
    #expect(Self.found(failed, for: "", by: "", attempt: 2) == "none")
    #expect(Self.found(failed, for: "a", by: "a", attempt: 1) == "1")
    #expect(Self.found(failed, for: "a", by: "b", attempt: 2) == "1")
    #expect(Self.found(failed, for: nil, by: "a", attempt: 2) == "1")
    #expect(Self.found(failed, for: "a", by: "a", attempt: 2, forwards: false) == "1")
  }

  @Test(
    "a failure is what clients ask again for",
    arguments: [
      (408, "none"), (409, "none"), (429, "none"), (500, "none"), (529, "none"), (200, "1"),
      (400, "1"), (404, "1"), (401, "1"),
    ])
  func statuses(status: Int, expected: String) {
    #expect(
      Self.found(.failed(status, at: 0), for: "a", by: "a", attempt: 2) == expected)
  }

  @Test(
    "an answer that broke off is a failure too",
    arguments: [Ending.How.truncated, .reset, .timeout, .unreachable, .cancelled, .interrupted])
  func endings(how: Ending.How) {
    #expect(
      Self.found(.recorded(["data: a\n\n"], how: how), for: "a", by: "a", attempt: 2) == "none")
  }
}
