import Deck
import Synchronization
import TapedeckTesting
import Testing

@Suite("A client is judged by every way in which a stream breaks", .timeLimit(.minutes(5)))
struct JudgeTests {
  private static let cut = "anthropic-text/cut/end/*"

  /// The issues that judging a client records.
  private func issues(
    _ body: () async throws -> Void
  ) async throws -> [(words: String, location: SourceLocation?)] {
    let issues = Mutex<[(String, SourceLocation?)]>([])
    try await withKnownIssue(isIntermittent: true) {
      try await body()
    } matching: { issue in
      let words = issue.comments.map(\.rawValue).joined(separator: "\n")
      issues.withLock { $0.append((words, issue.sourceLocation)) }
      return true
    }
    return issues.withLock { $0 }
  }

  @Test("one that looks for the end of the message does right")
  func careful() async throws {
    let report = try await judge(
      cassettes: "anthropic-text", cases: "cut/end/*", "cut/disconnect/*",
      "retry/status-500/*"
    ) { baseURL, emit in
      try await StreamClient(baseURL: baseURL).stream { emit($0) }
    }
    #expect(report.results.count > 20)
    #expect(report.wrong.isEmpty && report.kinds.isEmpty)
    #expect(report.description.hasSuffix("cases: 0 wrong"))
  }

  @Test("one that takes a part for the whole is found out, where it is judged")
  func careless() async throws {
    var report: JudgeReport?
    let line = #line + 2
    let issues = try await issues {
      report = try await judge(cassettes: "anthropic-text", cases: Self.cut) { baseURL in
        try await StreamClient(baseURL: baseURL, isCareful: false).ask()
      }
    }
    let kind = try #require(report?.kinds.first)
    #expect(report?.kinds.count == 1 && kind.verdict == "silent-truncation")
    #expect(kind.count == report?.wrong.count)
    #expect(report?.wrong.allSatisfy { $0.content == "silent-truncation" } == true)
    #expect(issues.count == 1)
    #expect(issues.first?.location?.line == line)
    let words = try #require(issues.first?.words)
    #expect(words.contains("takes a part of the answer for the whole when the body ends cleanly"))
    #expect(words.contains("run it alone with cases: \"anthropic-text/cut/end/"))
  }

  @Test("of one that hands out text and asks again, the repetition is seen")
  func repeated() async throws {
    var report: JudgeReport?
    _ = try await issues {
      report = try await judge(cassettes: "anthropic-text", cases: "cut/disconnect/*") {
        baseURL, emit in
        do {
          try await StreamClient(baseURL: baseURL, retries: 0).stream { emit($0) }
        } catch {
          try await StreamClient(baseURL: baseURL, retries: 0).stream { emit($0) }
        }
      }
    }
    #expect(report?.kinds.first?.verdict == "repeated")
  }

  @Test("one that waits for ever is cancelled, and the others are judged all the same")
  func hangs() async throws {
    let cancelled = Mutex(0)
    var report: JudgeReport?
    _ = try await issues {
      report = try await judge(
        cassettes: "anthropic-text", cases: "cut/disconnect/*", timeout: .milliseconds(300)
      ) { baseURL in
        do {
          return try await StreamClient(baseURL: baseURL, retries: 0).ask()
        } catch {
          do { try await Task.sleep(for: .seconds(3600)) } catch {
            cancelled.withLock { $0 += 1 }
          }
          return ""
        }
      }
    }
    let hanging = report?.results.filter { $0.content == "hang" }.count ?? 0
    #expect(hanging > 0 && report?.kinds.first?.verdict == "hang")
    #expect(cancelled.withLock { $0 } >= hanging)
  }

  @Test("and one that cannot be cancelled does not stop it")
  func stubborn() async throws {
    let end = AsyncStream.makeStream(of: Void.self)
    var report: JudgeReport?
    _ = try await issues {
      report = try await judge(
        cassettes: "anthropic-text", cases: "anthropic-text/cut/disconnect/head",
        timeout: .milliseconds(200)
      ) { baseURL in
        do { return try await StreamClient(baseURL: baseURL, retries: 0).ask() } catch {
          await Task.detached { for await _ in end.stream {} }.value
          return "late"
        }
      }
    }
    end.continuation.finish()
    #expect(report?.results.map(\.content) == ["hang"])
  }

  @Test("one that does not work at all gets no verdict")
  func harness() async throws {
    struct Mistake: Error {}
    let error = await #expect(throws: TapedeckError.self) {
      try await judge(cassettes: "anthropic-text", cases: "cut/*") { _ in throw Mistake() }
    }
    #expect(
      error?.description.contains(
        "it made no request that the deck could read, though its base URL was given to it; it "
          + "delivered nothing, and threw 'Mistake()'") == true)
  }

  @Test("a case that there is not is named")
  func unknown() async throws {
    let error = await #expect(throws: TapedeckError.self) {
      try await judge(cassettes: "anthropic-text", cases: "cuts/*") { _ in "" }
    }
    #expect(error?.description.contains("no case matches 'cuts/*'") == true)
    #expect(throws: TapedeckError.self) { try JudgedCase.all(of: "nobody") }
  }

  @Test(
    "the cassette of the test's trait is taken where none is named", .tapedeck("anthropic-text"))
  func ofTheTrait() async throws {
    let report = try await judge(cases: "retry/status-500/*") { baseURL, emit in
      #expect(Deck.current.baseURL == baseURL)
      try await StreamClient(baseURL: baseURL).stream { emit($0) }
      emit.finish("end_turn")
    }
    #expect(!report.results.isEmpty && report.wrong.isEmpty)
    #expect(report.results.allSatisfy { $0.name.hasPrefix("anthropic-text/retry/") })
  }

  @Test("what is expected in the client is recorded in the test")
  func expectations() async throws {
    let issues = try await issues {
      try await judge(cassettes: "anthropic-text", cases: "anthropic-text/cut/end/event-1") {
        baseURL in
        Issue.record("in the client")
        return try await StreamClient(baseURL: baseURL).ask()
      }
    }
    // Once in the case, and once before without a fault.
    #expect(issues.map(\.words) == ["in the client", "in the client"])
  }

  @Test(
    "each case can be a test of its own",
    arguments: try JudgedCase.all(
      of: "cassettes/anthropic-text.tape", matching: "retry/status-5*/once"))
  func each(_ judged: JudgedCase) async throws {
    #expect(judged.testDescription.hasPrefix("anthropic-text/retry/status-5"))
    #expect(!judged.fault.isEmpty && !judged.title.isEmpty && !judged.expectation.isEmpty)
    let report = try await judged.judge { baseURL in
      try await StreamClient(baseURL: baseURL).ask()
    }
    #expect(report.results.map(\.name) == [judged.id])
  }
}
