import Cassettes
import Deck
import Foundation
import Matching
import Planning
import TapedeckTesting
import Testing

@Suite("A test records what it asks", .timeLimit(.minutes(5)))
struct RecordingTests {
  /// A folder of its own, and a deck that is the API.
  private func withAPI(
    _ body: (_ folder: String, _ upstream: RunningDeck) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let before = folder.appendingPathComponent("before")
    try FileManager.default.createDirectory(at: before, withIntermediateDirectories: true)
    let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let library = try Library(paths: [home.appendingPathComponent("cassettes").path])
    var configuration = DeckConfiguration()
    configuration.threads = 1
    configuration.directives.pace = .instant
    try await withDeck(configuration, library) { try await body(folder.path, $0) }
  }

  /// A test's body that asks once, and tells how the answer began.
  private func trait(
    _ mode: TapedeckMode, _ folder: String, _ upstream: RunningDeck, fault: String? = nil
  ) -> TapedeckTrait {
    .tapedeck("answer", fault: fault, cassettes: folder, mode: mode, upstream: upstream.baseURL)
  }

  private static func ask(_ prompt: String = "hi") async throws {
    let client = StreamClient(baseURL: Deck.current.baseURL, prompt: prompt)
    #expect(try await client.ask().hasPrefix(TraitTests.beginning))
  }

  private func exchanges(_ folder: String) throws -> Int {
    try Library(paths: ["\(folder)/answer.tape"]).entryCount
  }

  @Test("once, and plays it from then on")
  func once() async throws {
    try await withAPI { folder, api in
      for _ in 1...2 {
        let issues = try await Recorded.issues(trait(.once, folder, api)) { try await Self.ask() }
        #expect(issues.isEmpty)
      }
      #expect(api.report.counts.requests == 1)
      let offline = TapedeckTrait.tapedeck("answer", cassettes: folder)
      #expect(try await Recorded.issues(offline) { try await Self.ask() }.isEmpty)
      #expect(api.report.counts.requests == 1)
      #expect(try exchanges(folder) == 1)
    }
  }

  @Test("at the same time as others, to one cassette, each request once")
  func shared() async throws {
    try await withAPI { folder, api in
      let trait = trait(.once, folder, api)
      let counts = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<8 {
          group.addTask {
            try await Recorded.issues(trait) { try await Self.ask("prompt \(number % 4)") }.count
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(counts == 0)
      #expect(api.report.counts.requests == 4)
      #expect(try exchanges(folder) == 4)
    }
  }

  /// A folder with a cassette that another process has recorded.
  private func recorded(_ folder: String, _ api: RunningDeck) async throws -> String {
    _ = try await Recorded.issues(trait(.once, folder, api)) { try await Self.ask("old") }
    try FileManager.default.moveItem(
      atPath: "\(folder)/answer.tape", toPath: "\(folder)/before/answer.tape")
    return "\(folder)/before"
  }

  @Test("anew, in the place of what there was")
  func rewrite() async throws {
    try await withAPI { folder, api in
      let folder = try await recorded(folder, api)
      for prompt in ["new", "newer"] {
        let issues = try await Recorded.issues(trait(.rewrite, folder, api)) {
          try await Self.ask(prompt)
        }
        #expect(issues.isEmpty)
      }
      #expect(try exchanges(folder) == 2)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["answer.tape"])
    }
  }

  @Test("and what was recorded stays where nothing takes its place")
  func nothing() async throws {
    try await withAPI { folder, api in
      let folder = try await recorded(folder, api)
      let issues = try await Recorded.issues(trait(.rewrite, folder, api)) {}
      #expect(issues.count == 1)
      #expect(issues.first?.words.hasPrefix("nothing was recorded") == true)
      #expect(try exchanges(folder) == 1)
    }
  }

  @Test(
    "and is skipped where it asks for a fault that cannot happen",
    .tapedeck(
      "no-such-cassette", fault: "reset@event:3", mode: .once, upstream: "http://127.0.0.1:9"))
  func skipped() { Issue.record("the test was run") }

  @Test("and what changes from run to run plays no part where that is asked for")
  func comparison() async throws {
    try await withAPI { folder, api in
      let folder = try await recorded(folder, api)
      let strict = TapedeckTrait.tapedeck("answer", cassettes: folder, matchesBody: true)
      let issues = try await Recorded.issues(strict) {
        _ = try? await StreamClient(baseURL: Deck.current.baseURL).ask()
      }
      #expect(issues.first?.words.contains("matched no exchange") == true)
      let lenient = TapedeckTrait.tapedeck(
        "answer", cassettes: folder, ignoring: ["/messages/*/content"], matchesBody: true)
      #expect(try await Recorded.issues(lenient) { try await Self.ask() }.isEmpty)
    }
  }

  @Test("its answers pass through unrecorded where that is asked for")
  func passthrough() async throws {
    try await withAPI { folder, api in
      let trait = trait(.passthrough, folder, api)
      let issues = try await Recorded.issues(trait) {
        try await Self.ask()
        #expect(Deck.current.isRecording)
      }
      #expect(issues.isEmpty && api.report.counts.requests == 1)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/answer.tape"))
    }
  }
}
