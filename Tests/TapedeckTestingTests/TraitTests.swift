import Deck
import Planning
import Synchronization
import TapedeckTesting
import Testing

@Suite("A test has a deck of its own", .tapedeck("anthropic-text", pace: "instant"))
struct TraitTests {
  /// The beginning of what the cassette has.
  static let beginning = "A tape deck"

  @Test("it plays the cassette of the suite's trait")
  func plays() async throws {
    let text = try await StreamClient(baseURL: Deck.current.anthropicURL).ask()
    #expect(text.hasPrefix(Self.beginning))
    let request = try #require(Deck.current.journal().first)
    #expect(request.path == "/v1/messages" && request.status == 200)
    #expect(request.cassette == "anthropic-text" && request.exchange == 1)
    #expect(request.ended == "complete" && request.events == 45 && request.attempt == 1)
    #expect(!Deck.current.isRecording)
  }

  @Test("its addresses are those that clients of each API take")
  func addresses() {
    let deck = Deck.current
    #expect(deck.baseURL.hasPrefix("http://127.0.0.1:"))
    #expect(deck.anthropicURL == deck.baseURL && deck.geminiURL == deck.baseURL)
    #expect(deck.openAIURL == "\(deck.baseURL)/v1")
  }

  @Test("its own trait adds a fault", .tapedeck(fault: "reset@event:12"))
  func breaks() async throws {
    await #expect(throws: StreamClient.Broken.self) {
      try await StreamClient(baseURL: Deck.current.anthropicURL).ask()
    }
    Deck.current.expectEndings("reset")
    #expect(Deck.current.journal().first?.faults == ["reset@event:12"])
  }

  @Test("it tries again where the first attempt fails")
  func retries() async throws {
    let deck = try Deck.current.withFault("status:529,retry-after=0s", on: 1)
    let text = try await StreamClient(baseURL: deck.anthropicURL).ask()
    #expect(text.hasPrefix(Self.beginning))
    deck.expectRequests(2)
    #expect(deck.journal().map(\.attempt) == [1, 2])
    #expect(deck.journal().map(\.status) == [529, 200])
  }

  @Test("a fault that there is not is named where it is asked for")
  func misspelled() throws {
    let error = try #require(throws: DirectiveError.self) {
      try Deck.current.withFault("rset@event:3")
    }
    #expect("\(error)".contains("reset"))
  }

  /// The URLs of the decks that ran at the same time.
  private static let decks = Mutex<[String: Int]>([:])

  @Test("each argument has a deck that saw no other's requests", arguments: 1...20)
  func isolated(number: Int) async throws {
    let deck = Deck.current
    let count = number % 3 + 1
    for _ in 0..<count { _ = try await StreamClient(baseURL: deck.anthropicURL).ask() }
    deck.expectRequests(count)
    #expect(deck.journal().map(\.attempt) == Array(1...count))
    let seen = Self.decks.withLock { decks in
      decks[deck.baseURL, default: 0] += 1
      return decks.count
    }
    #expect(seen >= 1)
  }

  @Test("child tasks have it too")
  func childTasks() async throws {
    let urls = await withTaskGroup(of: String.self) { group in
      for _ in 0..<3 { group.addTask { Deck.current.baseURL } }
      return await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(urls == [Deck.current.baseURL])
  }

  @Suite("and so have the tests of suites in it")
  struct Inner {
    @Test(.tapedeck(fault: "end@event:12"))
    func plays() async throws {
      let careless = StreamClient(baseURL: Deck.current.anthropicURL, isCareful: false)
      let text = try await careless.ask()
      #expect(text.count < 396)
    }
  }
}

@Suite(
  "A trait's mode holds for the tests in its suite",
  .tapedeck("anthropic-text", mode: .passthrough, upstream: "http://127.0.0.1:9"))
struct ModeTests {
  @Test("that say nothing else")
  func inherited() { #expect(Deck.current.isRecording) }

  @Test("and not for one that plays recordings", .tapedeck(mode: .none))
  func none() { #expect(!Deck.current.isRecording) }
}

@Suite("A cassette is looked up from the test's file")
struct LookupTests {
  @Test(.tapedeck("anthropic-text"))
  func besideTheTests() { #expect(Deck.current.baseURL.isEmpty == false) }

  // There is no such cassette beside the tests, but in the folder of the package.
  @Test(.tapedeck("openai-chat"))
  func above() { #expect(Deck.current.baseURL.isEmpty == false) }

  @Test(.tapedeck("cassettes/anthropic-text.tape"))
  func byItsPath() { #expect(Deck.current.baseURL.isEmpty == false) }

  @Test(.tapedeck("gemini-text", cassettes: "../../cassettes"))
  func inAFolder() { #expect(Deck.current.baseURL.isEmpty == false) }

  @Test("a folder is played as a whole", .tapedeck("cassettes", cassettes: "../.."))
  func folder() async throws {
    let deck = try Deck.current.withFault("none")
    let text = try await StreamClient(baseURL: "\(deck.baseURL)/~cassette=anthropic-text").ask()
    #expect(text.hasPrefix(TraitTests.beginning))
  }
}
