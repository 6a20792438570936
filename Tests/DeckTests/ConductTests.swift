import Cassettes
import Deck
import Judging
import LosslessJSON
import Matching
import Testing

@Suite("What a client does after a broken answer is seen by session and request")
struct ConductTests {
  private static let one = [Exchange.recorded(["data: a\n\n", "data: b\n\n"])]
  private static let busy = "~fault=status:529,retry-after=60s,on=1/v1/messages"

  private static func verdicts(_ port: Int, _ session: String) throws -> [String] {
    let conduct = try page(port, "api/sessions/\(session)")["conduct"]?.elements ?? []
    return conduct.map { String(decoding: $0["verdict"]?.bytes ?? [], as: UTF8.self) }
  }

  @Test("the journal says how long a retry was told to wait, how long it waited, and what that is")
  func journalEntry() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      for _ in 1...2 { _ = try ask(port, "/~session=t1/\(Self.busy)") }
      let entries = try journal(port)
      #expect(entries.map { $0["asked_ms"] } == [.null, .number(60_000)])
      #expect(entries.map { $0["conduct"] } == [.string("ok"), .string("retry-too-soon")])
      #expect(entries[0]["waited_ms"] == .null)
      #expect((entries[1]["waited_ms"]?.integer).map { (0..<60_000).contains($0) } ?? false)
    }
  }

  @Test("a session's page has what is to be said of each request, and no other session's")
  func sessionPage() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      for _ in 1...2 { _ = try ask(port, "/~session=soon/\(Self.busy)") }
      for _ in 1...2 {
        _ = try ask(port, "/~session=fatal/~fault=status:401,on=1/v1/messages")
        _ = try ask(port, "/~session=content/~fault=reset@event:2,on=1/v1/messages")
        _ = try ask(port, "/~session=good/v1/messages")
      }
      // One client after the other: who asks first is no retry.
      for name in ["a", "b"] { _ = try ask(port, "/~session=\(name)/\(Self.busy)") }
      #expect(try Self.verdicts(port, "soon") == [#""retry-too-soon""#])
      #expect(try Self.verdicts(port, "fatal") == [#""retried-fatal""#])
      #expect(try Self.verdicts(port, "content") == [#""retried-after-content""#])
      for name in ["good", "a", "b"] { #expect(try Self.verdicts(port, name) == []) }
      let said = try page(port, "api/sessions/fatal")["conduct"]
      #expect(
        said?.bytes
          == Array(
            (#"[{"request":"POST /v1/messages","verdict":"retried-fatal","evidence":"#
              + #""tried again after attempt 1, which was answered with 401"}]"#).utf8))
    }
  }

  @Test("the deck's end tells of it, though the session was forgotten, and not of what is allowed")
  func report() async throws {
    let report = try await TestDeck.serve(Self.one) { (port) throws in
      for _ in 1...2 { _ = try ask(port, "/~session=gone/\(Self.busy)") }
      #expect(try control(port, "api/sessions/gone", method: "DELETE").status == "204")
      for _ in 1...12 { _ = try ask(port, "/~session=storm/~fault=status:500/v1/messages") }
      for _ in 1...2 { _ = try ask(port, "/~session=fine/~fault=reset@event:2/v1/messages") }
      for _ in 1...12 { _ = try ask(port, "/~session=eager/v1/messages") }
    }.report
    let lines = report.failures(of: [.conduct])
    #expect(lines.count == 3 && lines[0] == "2 requests were made with wrong conduct:")
    #expect(lines[1].hasPrefix("  session gone: POST /v1/messages: retry-too-soon: attempt 2 came"))
    #expect(lines[2].hasPrefix("  session storm: POST /v1/messages: retry-storm: made 12 attempts"))
    #expect(report.failures(of: [.lost]).isEmpty)
  }
}

@Suite("What the wire saw of a session, in the same process")
struct ObservationTests {
  private static let library: Library = {
    var library = Library()
    library.add(cassette: "main", [.recorded(["data: a\n\n", "data: b\n\n"])])
    return library
  }()

  private func observe(
    tracing: Bool = false, _ body: @escaping @Sendable (Int) throws -> Void,
    until isSeen: (Attempt) -> Bool = { _ in true }
  ) async throws -> [Attempt] {
    var configuration = DeckConfiguration()
    configuration.threads = 2
    configuration.allowedHosts = ["deck.test"]
    configuration.tracesWrites = tracing
    return try await withDeck(configuration, Self.library) { deck in
      try await TestDeck.blocking { try body(deck.port) }
      for _ in 1...1000 {
        let attempts = deck.observation(ofSession: "t")?.attempts ?? []
        if attempts.allSatisfy(isSeen) { return attempts }
        _ = try await TestDeck.blocking { try isAnswered(deck.port) }
      }
      return []
    }
  }

  @Test("who has the last byte finds the end of its answer")
  func end() async throws {
    let attempts = try await observe { port in
      _ = try ask(port, "/~session=t/~fault=status:429,retry-after=1.5s,on=1/v1/messages")
      _ = try ask(port, "/~session=t/~fault=status:429,retry-after=1.5s,on=1/v1/messages")
    }
    #expect(attempts.map(\.number) == [1, 2])
    #expect(attempts.map(\.status) == [429, 200])
    #expect(attempts.map(\.retryAfter?.count) == [1_500_000, nil])
    #expect(attempts.map(\.shouldRetry) == [true, nil])
    #expect(attempts.map(\.ended) == ["complete", "complete"])
    #expect(attempts.map(\.events) == [0, 2])
    #expect(attempts[0].asked == .zero)
    let over = try #require(attempts[0].over)
    #expect(over <= attempts[1].asked)
  }

  @Test("a fault that spoils is told from one that does not")
  func spoiled() async throws {
    let attempts = try await observe { port in
      for fault in ["bad-json@event:2", "rechunk:1", "body:html", "header:x-a=b"] {
        _ = try ask(port, "/~session=t/~fault=\(fault)/v1/messages")
      }
    }
    #expect(attempts.map(\.isSpoiled) == [true, false, true, false])
  }

  @Test("a client that leaves in the middle is noticed; silence is an end of its own")
  func leaving() async throws {
    let attempts = try await observe { port in
      for fault in ["stall:50s@event:2", "hang@event:2", "linger"] {
        let client = try RawClient(port: port)
        client.send(request("/~session=t/~fault=\(fault)/v1/messages"))
        _ = client.read(until: "data: a\n\n")
        if fault == "linger" { _ = client.read(until: "data: b\n\n") }
        _ = client.waits(milliseconds: 20)
      }
    } until: {
      $0.ended == "client" || $0.ended == "hang"
    }
    #expect(attempts.map(\.ended) == ["client", "hang", "hang"])
    #expect(attempts.map(\.events) == [1, 1, 2])
    #expect(attempts.map { $0.stayed != nil } == [false, false, true])
  }

  @Test("when the bytes of an answer went out is taken down where that is asked for")
  func writes() async throws {
    for tracing in [true, false] {
      let attempts = try await observe(tracing: tracing) { port in
        _ = try ask(port, "/~session=t/v1/messages")
        _ = try ask(port, "/~session=t/~fault=status:529,on=2/v1/messages")
      }
      #expect(attempts.map(\.sent.isEmpty) == [!tracing, !tracing])
      guard tracing else { continue }
      #expect(attempts.map { $0.sent.last?.bytes } == attempts.map(\.bytes))
      // The recording has two chunks of 9 bytes, which a late deck sends together.
      #expect(Set(attempts[0].sent.map(\.bytes)).isSubset(of: [9, 18]))
      let times = attempts.flatMap { [$0.asked] + $0.sent.map(\.at) + [$0.over ?? .limit] }
      #expect(times == times.sorted())
    }
  }

  @Test("a session that is forgotten, or never was, has none")
  func forgotten() async throws {
    try await withDeck(DeckConfiguration(), Self.library) { deck in
      #expect(deck.observation(ofSession: "t") == nil)
      let host = "127.0.0.1:\(deck.port)"
      try await TestDeck.blocking {
        let client = try RawClient(port: deck.port)
        client.send(
          "GET /~session=t/none HTTP/1.1\r\nhost: \(host)\r\nconnection: close\r\n\r\n")
        _ = client.readToEnd()
      }
      let seen = try #require(deck.observation(ofSession: "t"))
      let over = try #require(seen.attempts.first?.over)
      #expect(seen.misses == 1 && seen.at.map { $0 >= over } ?? false)
      deck.forget(session: "t")
      #expect(deck.observation(ofSession: "t") == nil)
    }
  }
}
