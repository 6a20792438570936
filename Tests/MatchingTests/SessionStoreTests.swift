import Cassettes
import Judging
import Planning
import Testing
import Units

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
    return try store.count(
      request.line, SessionStore.RequestKey(request), in: session, at: moment(0))
  }

  private static func moment(_ milliseconds: Int64) -> Instant {
    Instant(nanoseconds: 5_000_000_000 + milliseconds * 1_000_000)
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

  private static let limits = SessionStore.Limits(
    sessions: 9, requestsPerSession: 9, bytes: 1 << 20)

  private static func ended(
    _ word: String, status: Int = 200, wait: Int64? = nil, isLingering: Bool = false
  ) -> SessionTry.End {
    SessionTry.End(
      status: status, wait: wait.map { Microseconds(saturating: $0 * 1000) }, shouldRetry: nil,
      events: 3, bytes: 40, ended: word, isSpoiled: false, isLingering: isLingering)
  }

  private static func ask(
    at milliseconds: Int64, in session: String = "a", _ store: inout SessionStore
  ) throws -> SessionStore.Count {
    let request = request("1")
    return try store.count(
      request.line, SessionStore.RequestKey(request), in: session, at: moment(milliseconds))
  }

  private static func seen(
    _ store: SessionStore, at milliseconds: Int64 = 9000
  ) -> [Attempt] {
    store.observation(of: "a", at: moment(milliseconds))?.attempts ?? []
  }

  @Test("a retry knows what the answer before asked for, and how long it waited")
  func retry() throws {
    var store = SessionStore(limits: Self.limits)
    let first = try Self.ask(at: 10, &store)
    #expect(first.before == nil && first.waited == nil && first.retried.isEmpty)
    let place = try #require(first.place)
    store.end(place, Self.ended("complete", status: 529, wait: 300), at: Self.moment(12))
    let second = try Self.ask(at: 112, &store)
    #expect(second.before?.retryAfter?.count == 300_000)
    #expect(second.waited?.count == 100_000)
    #expect(second.retried.map(\.number) == [1, 2])
    #expect(second.retried.map(\.asked.count) == [0, 102_000])
    // Who asks again after a good answer does not retry.
    store.end(try #require(second.place), Self.ended("complete"), at: Self.moment(120))
    let third = try Self.ask(at: 130, &store)
    #expect(third.waited?.count == 10_000 && third.retried.isEmpty)
    // How long one waited for an answer that goes on nobody knows.
    let fourth = try Self.ask(at: 140, &store)
    #expect(fourth.waited == nil && fourth.before?.over == nil)
  }

  @Test("an end that was taken back is none, and that of a forgotten session changes nothing")
  func takenBack() throws {
    var store = SessionStore(limits: Self.limits)
    let place = try #require(try Self.ask(at: 0, &store).place)
    store.end(place, Self.ended("complete"), at: Self.moment(5))
    #expect(Self.seen(store).map(\.over?.count) == [5000])
    store.end(place, nil, at: Self.moment(6))
    #expect(Self.seen(store).map(\.ended) == [nil])
    store.end(place, Self.ended("client"), at: Self.moment(7))
    #expect(Self.seen(store).map(\.ended) == ["client"])
    _ = store.forget("a")
    _ = try Self.ask(at: 20, &store)
    store.end(place, Self.ended("reset"), at: Self.moment(30))
    #expect(Self.seen(store).map(\.ended) == [nil])
  }

  @Test("silence is the end of an answer; a client stays where all was said before it")
  func silence() throws {
    for isLingering in [false, true] {
      var store = SessionStore(limits: Self.limits)
      let place = try #require(try Self.ask(at: 0, &store).place)
      store.end(place, Self.ended("hang", isLingering: isLingering), at: Self.moment(5))
      #expect(Self.seen(store, at: 105).first?.stayed?.count == (isLingering ? 100_000 : nil))
      store.end(place, Self.ended("client"), at: Self.moment(55))
      let attempt = try #require(Self.seen(store, at: 900).first)
      #expect(attempt.ended == "hang" && attempt.over?.count == 5000)
      #expect(attempt.stayed?.count == (isLingering ? 50_000 : nil))
    }
  }

  @Test("of many attempts the first are remembered, and always the last")
  func manyAttempts() throws {
    var store = SessionStore(limits: Self.limits)
    for number in 1...200 { _ = try Self.ask(at: Int64(number), &store) }
    let numbers = Self.seen(store).map(\.number)
    #expect(numbers == Array(1...63) + [200])
  }

  @Test("attempts and outcomes count among the bytes of sessions; attempts never cost an answer")
  func memory() throws {
    var limits = Self.limits
    limits.bytes = 2000
    var store = SessionStore(limits: limits)
    for number in 1...100 { _ = try Self.ask(at: Int64(number), &store) }
    #expect((2..<9).contains(Self.seen(store).count))
    #expect(Self.seen(store).last?.number == 100)
    let small = Delivered(text: [1], claim: .complete)
    let large = Delivered(text: Array(repeating: 1, count: 3000), claim: .complete)
    #expect(throws: MatchingError.self) { try store.note(large, in: "a") }
    _ = store.forget("a")
    for _ in 1...50 { try store.note(small, in: "b") }
    #expect(store.observation(of: "b", at: Self.moment(0))?.outcome == small)
    #expect(throws: MatchingError.self) { try store.note(large, in: "b") }
  }
}
