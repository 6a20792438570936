import Deck
import Foundation
import Synchronization
import TapedeckTesting
import Testing

/// What a trait records when a test is run with it.
struct Recorded {
  /// Runs a test's body with a trait, and returns the issues of the trait, each with its line.
  static func issues(
    _ trait: TapedeckTrait, performing body: @escaping @Sendable () async throws -> Void
  ) async throws -> [(words: String, location: SourceLocation?)] {
    var test = try #require(Test.current)
    test.traits = [trait]
    let issues = Mutex<[(String, SourceLocation?)]>([])
    let copy = test
    try await withKnownIssue(isIntermittent: true) {
      try await trait.provideScope(for: copy, testCase: nil, performing: body)
    } matching: { issue in
      let words = issue.comments.map(\.rawValue).joined(separator: "\n")
      issues.withLock { $0.append((words, issue.sourceLocation)) }
      return true
    }
    return issues.withLock { $0 }
  }
}

@Suite("What goes wrong is recorded at the trait")
struct FailureTests {
  /// The trait, and the line on which it stands.
  private func trait(
    _ cassette: String? = "anthropic-text", fault: String? = nil, pace: String? = nil,
    cassettes: String? = nil, mode: TapedeckMode = .inherited,
    failingOn: Set<TapedeckFailure>? = nil, line: Int = #line
  ) -> (TapedeckTrait, SourceLocation) {
    let location = SourceLocation(
      fileID: "TapedeckTestingTests/FailureTests.swift", filePath: #filePath, line: line, column: 5)
    return (
      .tapedeck(
        cassette, fault: fault, pace: pace, cassettes: cassettes, mode: mode, failingOn: failingOn,
        sourceLocation: location), location
    )
  }

  private func ask(_ path: String = "") async {
    _ = try? await StreamClient(baseURL: Deck.current.baseURL + path).ask()
  }

  @Test("a request that no recording answers")
  func miss() async throws {
    let (trait, location) = trait("openai-chat")
    let issues = try await Recorded.issues(trait) { await ask() }
    #expect(issues.map(\.location) == [location])
    let words = try #require(issues.first?.words)
    #expect(words.hasPrefix("2 requests matched no exchange:"))
    #expect(
      words.contains(
        "TAPEDECK_MODE=auto TAPEDECK_UPSTREAM=https://api.example.com swift test --filter "
          + "'FailureTests/miss'"))
    #expect(words.contains("request 1: POST /v1/messages, attempt 1, status 404"))
  }

  @Test("a directive that is wrong")
  func refused() async throws {
    let (trait, location) = trait()
    let issues = try await Recorded.issues(trait) { await ask("/~pace=fast") }
    #expect(issues.map(\.location) == [location])
    #expect(issues.first?.words.contains("refused for wrong directives") == true)
  }

  @Test("a fault that never fired, with how the answer can be had again")
  func unfired() async throws {
    let (trait, location) = trait(fault: "reset@event:40,on=2")
    let issues = try await Recorded.issues(trait) { await ask() }
    #expect(issues.map(\.location) == [location])
    let words = try #require(issues.first?.words)
    #expect(
      words.hasPrefix("1 fault never fired:\n  reset@event:40,on=2: the last request was attempt 1")
    )
    #expect(words.contains("reproduce: cassette=anthropic-text;exchange=1;pace=instant;"))
  }

  @Test("a fault of a test that asked nothing")
  func idle() async throws {
    let (trait, _) = trait(fault: "reset@event:3")
    let issues = try await Recorded.issues(trait) {}
    #expect(issues.map(\.words).count == 1)
    #expect(issues.first?.words.contains("there was no request") == true)
  }

  @Test("but not what a test did not come to that threw; its error comes through")
  func thrown() async throws {
    struct Mistake: Error {}
    let (trait, _) = trait(fault: "reset@event:3")
    let issues = try await Recorded.issues(trait) { throw Mistake() }
    #expect(issues.count == 1 && !issues[0].words.contains("fault"))
  }

  @Test("the client's conduct, where that is asked for")
  func conduct() async throws {
    let fault = "status:529,retry-after=2s,on=1"
    let (silent, _) = trait(fault: fault)
    #expect(try await Recorded.issues(silent) { await ask() }.isEmpty)
    let (trait, location) = trait(fault: fault, failingOn: [.conduct])
    let issues = try await Recorded.issues(trait) { await ask() }
    #expect(issues.map(\.location) == [location])
    #expect(issues.first?.words.contains("retry-too-soon") == true)
  }

  @Test("a fault that there is not")
  func misspelled() async throws {
    let (trait, location) = trait(fault: "rset@event:3")
    let issues = try await Recorded.issues(trait) { Issue.record("the test was run") }
    #expect(issues.map(\.location) == [location])
    #expect(issues.first?.words.contains("there is no fault 'rset'") == true)
  }

  @Test("a recording that is not there, with the command that makes it")
  func missing() async throws {
    let (trait, location) = trait("nobody")
    let issues = try await Recorded.issues(trait) { Issue.record("the test was run") }
    #expect(issues.map(\.location) == [location])
    let words = try #require(issues.first?.words)
    #expect(words.contains("TapedeckTestingTests/cassettes/nobody.tape: make it with"))
    #expect(
      words.contains(
        "TAPEDECK_MODE=once TAPEDECK_UPSTREAM=https://api.example.com swift test --filter "
          + "'FailureTests/missing'"))
  }

  @Test("a recording without a name is that of the test")
  func nameless() async throws {
    let (trait, _) = trait(nil)
    let words = try await Recorded.issues(trait) {}.first?.words
    #expect(words?.contains("/cassettes/FailureTests/nameless.tape: make it with") == true)
  }

  @Test("a fault at a place that the recording does not have")
  func placeless() async throws {
    let (trait, location) = trait(fault: "reset@event:99")
    let issues = try await Recorded.issues(trait) { await ask() }
    #expect(issues.map(\.location) == [location])
    #expect(issues.first?.words.contains("the recording has 45 events") == true)
  }

  @Test("a cassette that is broken")
  func broken() async throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).tape").path
    try "not a cassette".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (trait, location) = trait(path)
    let issues = try await Recorded.issues(trait) { Issue.record("the test was run") }
    #expect(issues.map(\.location) == [location])
    #expect(issues.first?.words.contains(path) == true)
  }

  @Test("a pointer, or a kind of values, that there is not")
  func comparison() async throws {
    let traits: [TapedeckTrait] = [
      .tapedeck("anthropic-text", ignoring: ["messages"]),
      .tapedeck("anthropic-text", normalizing: "uuids"),
    ]
    for trait in traits {
      let issues = try await Recorded.issues(trait) { Issue.record("the test was run") }
      #expect(issues.count == 1 && issues.first?.words != "the test was run")
    }
  }

  @Test("all that a deck may find can be chosen")
  func kinds() {
    #expect(TapedeckFailure.allCases.map(\.rawValue) == DeckFailure.allCases.map(\.rawValue))
  }

  @Test("a mode that forwards and does not say where to")
  func upstream() async throws {
    let (trait, location) = trait(mode: .rewrite)
    let issues = try await Recorded.issues(trait) { Issue.record("the test was run") }
    #expect(issues.map(\.location) == [location])
    #expect(issues.first?.words.contains("TAPEDECK_UPSTREAM") == true)
  }

  @Test("a test without the trait has no deck, and is told so")
  func none() async throws {
    let here = try #require(Test.current).sourceLocation
    var url = ""
    withKnownIssue {
      url = Deck.current.baseURL
    } matching: { issue in
      issue.sourceLocation == here
        && issue.comments.contains { $0.rawValue.hasPrefix("there is no deck here") }
    }
    #expect(url == "http://127.0.0.1:9")
  }

  @Test(
    "other requests than expected are recorded where they are expected",
    .tapedeck("anthropic-text", pace: "instant"))
  func expectations() async throws {
    _ = try await StreamClient(baseURL: Deck.current.baseURL).ask()
    withKnownIssue {
      Deck.current.expectRequests(2)
    } matching: { issue in
      issue.comments.first?.rawValue.hasPrefix("expected 2 requests, found 1\nrequest 1:") == true
    }
    withKnownIssue {
      Deck.current.expectEndings("reset")
    } matching: { issue in
      issue.comments.first?.rawValue.hasPrefix("expected answers that end as reset, found complete")
        == true
    }
  }
}
