import Planning
import Testing

@testable import Matching

@Suite("What is remembered of sessions")
struct SessionStoreTests {
  private static func request(_ body: String) -> ComparableRequest {
    ComparableRequest(
      method: "POST", target: "/v1/messages", headers: [], body: Array(body.utf8),
      comparing: Comparison())
  }

  private static func count(
    _ body: String, in session: String, _ store: inout SessionStore
  ) throws(MatchingError) -> SessionStore.Count {
    let request = request(body)
    return try store.count(request.line, SessionStore.RequestKey(request), in: session)
  }

  private static func expect(
    attempt: Int, of body: String, in session: String, _ store: inout SessionStore
  ) throws {
    let count = try count(body, in: session, &store)
    #expect(count.attempt == attempt)
  }

  @Test("each session counts a request for itself, and all of its requests together")
  func counting() throws {
    var store = SessionStore(
      limits: SessionStore.Limits(sessions: 2, requestsPerSession: 2, bytes: 1 << 20))
    try Self.expect(attempt: 1, of: "1", in: "a", &store)
    let again = try Self.count("1", in: "a", &store)
    #expect((again.attempt, again.request, again.requests) == (2, 2, [1, 2]))
    try Self.expect(attempt: 1, of: "2", in: "a", &store)
    try Self.expect(attempt: 1, of: "1", in: "b", &store)
    let forgot = [store.forget("a"), store.forget("a")]
    #expect(forgot == [true, false])
    try Self.expect(attempt: 1, of: "1", in: "a", &store)
  }

  @Test(
    "what is one too many is refused, and says which option raises the limit",
    arguments: [
      (SessionStore.Limits(sessions: 1, requestsPerSession: 9, bytes: 1 << 20), "--max-sessions"),
      (
        SessionStore.Limits(sessions: 9, requestsPerSession: 1, bytes: 1 << 20),
        "--max-session-requests"
      ),
      (
        SessionStore.Limits(sessions: 9, requestsPerSession: 9, bytes: 1500), "--max-session-memory"
      ),
    ])
  func limits(limits: SessionStore.Limits, option: String) throws {
    var store = SessionStore(limits: limits)
    let first = try Self.count("1", in: "a", &store)
    #expect(first.attempt == 1)
    do throws(MatchingError) {
      for number in 2...9 {
        _ = try Self.count("\(number)", in: limits.sessions == 1 ? "b" : "a", &store)
      }
      Issue.record("nothing was one too many")
    } catch {
      #expect(error.reason == .full)
      #expect(error.message.contains(option))
    }
    // What is remembered goes on.
    try Self.expect(attempt: 2, of: "1", in: "a", &store)
  }
}
