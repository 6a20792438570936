import Cassettes
import Deck
import Foundation
import Matching
import Planning
import Synchronization
import Testing

@Suite("A deck lives as long as the body that uses it", .timeLimit(.minutes(1)))
struct ScopedDeckTests {
  private static let library: Library = {
    var library = Library()
    library.add(cassette: "main", [.recorded(["data: x\n\n"])])
    return library
  }()

  /// A stream that is silent until its deck ends.
  private static let silent: Library = {
    var library = Library()
    library.add(cassette: "main", [.recorded(["data: x\n\n"], how: .timeout)])
    return library
  }()

  private static func configuration(drain: Int64 = 5_000_000) -> DeckConfiguration {
    var configuration = DeckConfiguration()
    configuration.threads = 2
    configuration.allowedHosts = ["deck.test"]
    configuration.drainTimeout = Microseconds(saturating: drain)
    return configuration
  }

  /// Whether nobody listens on a port.
  private static func isRefused(_ port: Int) async throws -> Bool {
    try await TestDeck.blocking { (try? RawClient(port: port)) == nil }
  }

  @Test("the body gets the URL, and its result comes back when nobody listens any more")
  func result() async throws {
    let (answer, deck) = try await withDeck(Self.configuration(), Self.library) { deck in
      #expect(deck.baseURL == "http://127.0.0.1:\(deck.port)")
      let answer = try await TestDeck.blocking { try ask(deck.port) }
      #expect(deck.report.counts.requests == 1 && deck.report.counts.misses == 0)
      _ = try await TestDeck.blocking { try ask(deck.port, "/nothing") }
      #expect(deck.report.counts.misses == 1 && deck.report.misses.count == 1)
      return (answer, deck)
    }
    #expect(answer.text.hasPrefix("HTTP/1.1 200") && answer.text.contains("data: x"))
    #expect(deck.report.counts.requests == 2)
    #expect(try await Self.isRefused(deck.port))
  }

  @Test(
    "what was recorded to the target before is served, and nothing is made for a deck that may not be"
  )
  func target() async throws {
    let folder =
      FileManager.default.temporaryDirectory.path + "/deck-\(UInt64.random(in: 0...(.max)))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = Self.configuration()
    configuration.forwarding.mode = .once
    configuration.forwarding.target = .folder(folder)
    await #expect(throws: DeckConfigurationError.lacksUpstream(.once)) {
      try await withDeck(configuration, Library()) { _ in }
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try CassetteFile.add(.recorded(["data: x\n\n"]), to: "\(folder)/before.tape")
    try configuration.forwarding.upstreams.add(parsing: "http://127.0.0.1:1")
    let answer = try await withDeck(configuration, Library()) { deck in
      try await TestDeck.blocking { try ask(deck.port) }
    }
    #expect(answer.text.hasPrefix("HTTP/1.1 200") && answer.text.contains("data: x"))
  }

  private struct Failure: Error {}

  @Test("a body that throws ends the deck and its streams, and its error comes out")
  func failure() async throws {
    let held = Mutex<(client: RawClient, port: Int)?>(nil)
    await #expect(throws: Failure.self) {
      try await withDeck(Self.configuration(), Self.silent) { deck in
        try await TestDeck.blocking {
          let client = try RawClient(port: deck.port)
          client.send(request())
          #expect(client.read(until: "data: x\n\n\r\n").hasPrefix("HTTP/1.1 200"))
          held.withLock { $0 = (client, deck.port) }
        }
        throw Failure()
      }
    }
    let (client, port) = try #require(held.withLock { $0 })
    #expect(try await TestDeck.blocking { client.readToEnd().end } == .closed)
    #expect(try await Self.isRefused(port))
  }

  @Test("a task that is cancelled ends its deck, and waits until it has ended")
  func cancellation() async throws {
    let ports = AsyncStream<Int>.makeStream()
    let user = Task {
      try await withDeck(Self.configuration(), Self.silent) { deck in
        ports.continuation.yield(deck.port)
        try await Task.sleep(for: .seconds(86_400))
      }
    }
    var port = 0
    for await ready in ports.stream {
      port = ready
      break
    }
    let client = try await TestDeck.blocking { [port] in
      let client = try RawClient(port: port)
      client.send(request())
      #expect(client.read(until: "data: x\n\n\r\n").hasPrefix("HTTP/1.1 200"))
      return client
    }
    user.cancel()
    await #expect(throws: CancellationError.self) { try await user.value }
    #expect(try await TestDeck.blocking { client.readToEnd().end } == .closed)
    #expect(try await Self.isRefused(port))
  }

  @Test("a deck in a task that is cancelled already still ends cleanly")
  func cancelledBefore() async throws {
    let user = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await withDeck(Self.configuration(), Self.library) { deck in deck.port }
    }
    let port = try await user.value
    #expect(try await Self.isRefused(port))
  }

  @Test("a stream that goes on is cut off when the time to drain is over")
  func drain() async throws {
    var library = Library()
    library.add(cassette: "main", [.recorded(Array(repeating: "data: x\n\n", count: 60_000))])
    let client = try await withDeck(Self.configuration(drain: 50_000), library) { deck in
      try await TestDeck.blocking {
        let client = try RawClient(port: deck.port)
        client.send(request())
        #expect(client.read(until: "data: x\n\n").hasPrefix("HTTP/1.1 200"))
        return client
      }
    }
    let rest = try await TestDeck.blocking { client.readToEnd() }
    #expect(rest.end != .silent && rest.bytes.count < 60_000 * 9)
  }

  @Test("an address that is taken is an error, and the body never begins")
  func taken() async throws {
    try await withDeck(Self.configuration(), Self.library) { deck in
      var same = Self.configuration()
      same.port = deck.port
      await #expect(throws: DeckError.self) {
        try await withDeck(same, Self.library) { _ in Issue.record("it listens twice") }
      }
    }
  }

  @Test("a deck that other machines reach forwards for them only where that is said to be meant")
  func otherMachines() async throws {
    var configuration = Self.configuration()
    configuration.host = "0.0.0.0"
    configuration.forwarding.mode = .passthrough
    try configuration.forwarding.upstreams.add(parsing: "http://127.0.0.1:1")
    let refusal = DeckConfigurationError.forwardsForOtherMachines(host: "0.0.0.0")
    #expect("\(refusal)".contains("forwarding.forwardsForOtherMachines"))
    await #expect(throws: refusal) {
      try await withDeck(configuration, Self.library) { _ in Issue.record("it forwards for all") }
    }
    configuration.host = "127.example"
    await #expect(throws: DeckConfigurationError.forwardsForOtherMachines(host: "127.example")) {
      try await withDeck(configuration, Self.library) { _ in Issue.record("it forwards for all") }
    }
    configuration.host = "0.0.0.0"
    configuration.forwarding.forwardsForOtherMachines = true
    try await withDeck(configuration, Self.library) { deck in
      #expect(deck.baseURL == "http://127.0.0.1:\(deck.port)")
      let answer = try await TestDeck.blocking { try ask(deck.port, "/else") }
      #expect(answer.text.hasPrefix("HTTP/1.1 502"))
    }
  }

  @Test("a mode that forwards needs an upstream, and one that records a target")
  func incomplete() async throws {
    var configuration = Self.configuration()
    configuration.forwarding.mode = .auto
    await #expect(throws: DeckConfigurationError.lacksUpstream(.auto)) {
      try await withDeck(configuration, Self.library) { _ in }
    }
    try configuration.forwarding.upstreams.add(parsing: "http://127.0.0.1:1")
    await #expect(throws: DeckConfigurationError.lacksTarget(.auto)) {
      try await withDeck(configuration, Self.library) { _ in }
    }
  }

  #if os(Linux)
    /// How many pollers of event loops, and how many threads of decks, this process has.
    private static func owned() throws -> (pollers: Int, threads: Int) {
      let files = FileManager.default
      let pollers = try files.contentsOfDirectory(atPath: "/proc/self/fd").count { number in
        let target = try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
        return target?.contains("eventpoll") ?? false
      }
      let threads = try files.contentsOfDirectory(atPath: "/proc/self/task").count { number in
        let name = try? String(contentsOfFile: "/proc/self/task/\(number)/comm", encoding: .utf8)
        return ["deck-", "tapedeck-curl"].contains { name?.hasPrefix($0) ?? false }
      }
      return (pollers, threads)
    }

    @Test("what many decks had is gone with them: threads, pollers, and what they forward with")
    func leaks() async throws {
      let decks = 400
      for number in 1...decks {
        var configuration = Self.configuration()
        if number.isMultiple(of: 2) {
          configuration.forwarding.mode = .passthrough
          try configuration.forwarding.upstreams.add(parsing: "http://127.0.0.1:1")
        }
        try await withDeck(configuration, Self.library) { deck in
          // A body that long is compared by a thread of the deck's.
          let body = String(repeating: "x", count: 20_000)
          _ = try await TestDeck.blocking { try ask(deck.port, body: body) }
        }
      }
      // Each had two loops, and a thread that works; other tests have some tens of decks meanwhile.
      let (pollers, threads) = try await TestDeck.blocking { try Self.owned() }
      #expect(pollers < decks / 3 && threads < decks / 3, "\(pollers) pollers, \(threads) threads")
    }
  #endif
}
