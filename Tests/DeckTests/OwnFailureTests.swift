import Cassettes
import Testing

@testable import Deck
@testable import Matching

@Suite("A failure is never a fixture by accident")
struct OwnFailureTests {
  private static let path = "/t/c.tape"

  /// What a request finds behind recordings, each of an earlier run or of a session in this one:
  /// the number of one, or the numbers of those that make room for what is asked again.
  private static func found(
    _ recordings: [(Exchange, session: String?)], by session: String, attempt: Int,
    policy: ForwardingPolicy = .whereNothingMatches, target: String? = path
  ) -> String {
    let shelf = Shelf(Library())
    shelf.replace(
      cassette: path, named: "c", with: recordings.filter { $0.session == nil }.map(\.0))
    for (exchange, session) in recordings {
      guard let session else { continue }
      _ = shelf.add(exchange, cassette: "c", path: path, session: session)
    }
    let matcher = Matcher(
      library: shelf.library, matchesBody: true, policy: policy, target: target, session: session)
    let request = ComparableRequest(recordings[0].0.request, comparing: Comparison())
    switch matcher.match(request, number: attempt, in: .all) {
    case .exact(let entry): return "\(entry.number)"
    case .unanswered(let unanswered):
      let numbers = unanswered.superseded.map { "\($0.number)" }.joined(separator: " ")
      return "again\(unanswered.isOld ? " old" : "") [\(numbers)]"
    case .none: return "none"
    default: return "loose"
    }
  }

  private static func failed(_ second: Int, _ session: String?) -> (Exchange, session: String?) {
    (.failed(529, at: second), session)
  }

  private static func well(_ second: Int, _ session: String?) -> (Exchange, session: String?) {
    (.recorded(["data: a\n\n"], at: second), session)
  }

  @Test("what an earlier run left without an answer is asked again, and makes room")
  func earlier() {
    for attempt in 1...3 {
      let two = [Self.failed(0, nil), Self.failed(1, nil)]
      #expect(Self.found(two, by: "a", attempt: attempt) == "again old [1 2]")
      #expect(
        Self.found(two, by: "", attempt: attempt, policy: .whereNothingAnswers) == "again old [1 2]"
      )
      // What is recorded elsewhere stays where it is.
      #expect(Self.found(two, by: "a", attempt: attempt, target: "/t/d.tape") == "again old []")
    }
    #expect(Self.found([Self.failed(0, nil)], by: "a", attempt: 2, policy: .never) == "1")
    #expect(Self.found([Self.failed(0, nil), Self.well(1, nil)], by: "a", attempt: 1) == "1")
    #expect(Self.found([Self.failed(0, nil), Self.well(1, nil)], by: "a", attempt: 3) == "2")
  }

  @Test("a session's retry leaves its own failures in front of it; who begins anew does not")
  func own() {
    for session in ["a", ""] {
      let own = [Self.failed(0, session), Self.failed(1, session)]
      #expect(Self.found(own, by: session, attempt: 3) == "again []")
      #expect(Self.found(own, by: session, attempt: 1) == "again [1 2]")
    }
    #expect(Self.found([Self.failed(0, "a")], by: "b", attempt: 1) == "again [1]")
    #expect(
      Self.found([Self.failed(0, nil), Self.failed(1, "a")], by: "a", attempt: 2) == "again old [1]"
    )
    #expect(
      Self.found([Self.well(0, nil), Self.failed(1, "a")], by: "a", attempt: 3) == "again []")
    #expect(Self.found([Self.well(0, nil), Self.failed(1, "a")], by: "b", attempt: 3) == "2")
  }

  @Test(
    "without a session only what clients ask again for by themselves stays in front of what comes",
    arguments: [
      (408, true), (409, true), (429, true), (500, true), (529, true), (400, false), (401, false),
      (403, false), (404, false),
    ])
  func statuses(status: Int, stays: Bool) {
    for session in ["a", ""] {
      let found = Self.found(
        [(.failed(status, at: 0), session)], by: session, attempt: 2)
      #expect(found == (stays || session == "a" ? "again []" : "again [1]"))
    }
  }

  @Test(
    "what broke off is a failure too, and so is an upstream that nobody could ask",
    arguments: [Ending.How.truncated, .reset, .timeout, .unreachable, .cancelled, .interrupted])
  func endings(how: Ending.How) {
    var exchange = Exchange.recorded(["data: a\n\n"], how: how)
    #expect(!exchange.isAnswer)
    #expect(Self.found([(exchange, nil)], by: "", attempt: 1) == "again old [1]")
    #expect(Self.found([(exchange, "")], by: "", attempt: 2) == "again []")
    guard how == .unreachable else { return }
    exchange.ending.stage = .connect
    #expect(Self.found([(exchange, "")], by: "", attempt: 2) == "again [1]")
    #expect(Self.found([(exchange, "a")], by: "a", attempt: 2) == "again []")
  }

  @Test("what takes the place of failures stands where the first of them was")
  func places() {
    let shelf = Shelf(Library())
    let bodies = ["1", "2", "3", "2"]
    let exchanges = bodies.enumerated().map { Exchange.failed(529, body: $1, at: $0) }
    shelf.replace(cassette: Self.path, named: "c", with: exchanges)
    let before = shelf.library.entries
    let new = shelf.add(
      .recorded([""], body: "2", at: 9), cassette: "c", path: Self.path, session: "s",
      insteadOf: [before[1], before[3]])
    #expect(new?.number == 2)
    let after = shelf.library.entries
    #expect(
      after.map { String(decoding: $0.exchange.request.body, as: UTF8.self) } == ["1", "2", "3"])
    #expect(after.map(\.number) == [1, 2, 3])
    #expect(after.map(\.id) == [before[0].id, new?.id, before[2].id])
    // Those that are gone already do not matter.
    let next = shelf.add(
      .recorded([""], body: "2", at: 10), cassette: "c", path: Self.path, session: "s",
      insteadOf: [before[1], before[3]])
    #expect(next?.number == 4)
  }
}
