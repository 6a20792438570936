import Cassettes
import HTTP
import Planning
import Testing
import Units

@testable import Deck
@testable import Matching

@Suite("An event loop wakes for what happens, and for nothing else", .timeLimit(.minutes(1)))
struct WakeTests {
  /// Serves the exchanges on one loop and uses the deck, off the cooperative pool.
  private static func serve(
    _ exchanges: [Exchange], _ body: @escaping @Sendable (RunningDeck) throws -> Void
  ) async throws {
    var configuration = DeckConfiguration()
    configuration.threads = 1
    configuration.allowedHosts = ["deck.test"]
    var library = Library()
    library.add(cassette: "main", exchanges)
    try await withDeck(configuration, library) { deck in
      try await TestDeck.blocking { try body(deck) }
    }
  }

  /// The fewest wakes in a few stretches of 100 ms: what was asked before may still be on its way
  /// in the first.
  private static func quietest(_ deck: RunningDeck, _ client: RawClient) -> WakeCounts {
    let stretches = (1...5).map { _ in
      let before = deck.state.wakes
      #expect(client.waits(milliseconds: 100))
      return deck.state.wakes - before
    }
    return stretches.min { $0.wakes < $1.wakes } ?? WakeCounts()
  }

  @Test("a deck that nobody asks does not wake, nor for a client that is silent")
  func idle() async throws {
    try await Self.serve([.recorded(["data: x\n\n"])]) { (deck) throws in
      let client = try RawClient(port: deck.port)
      client.send(request())
      #expect(client.read(until: "0\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      #expect(Self.quietest(deck, client) == WakeCounts())
    }
  }

  @Test("a client that takes nothing of what waits for it does not wake the deck")
  func stalled() async throws {
    let chunk = String(repeating: "y", count: 100_000)
    try await Self.serve([.recorded(Array(repeating: chunk, count: 80))]) { (deck) throws in
      let client = try RawClient(port: deck.port, receiveBufferBytes: 4096)
      client.send(request("/~pace=instant/v1/messages"))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      #expect(Self.quietest(deck, client) == WakeCounts())
    }
  }

  @Test("a client that sends more than is taken while its answer plays does not wake the deck")
  func eager() async throws {
    var held = Exchange.recorded(["data: x\n\n"], how: .timeout)
    held.ending.at = Microseconds(saturating: 3000)
    try await Self.serve([held]) { (deck) throws in
      let client = try RawClient(port: deck.port)
      client.send(request() + String(repeating: request(), count: 100))
      #expect(client.read(until: "data: x\n\n\r\n").hasPrefix("HTTP/1.1 200"))
      #expect(Self.quietest(deck, client) == WakeCounts())
    }
  }

  @Test("events that come one by one cost a wake each, and what a request takes besides")
  func timed() async throws {
    let count = 200
    try await Self.serve([.recorded(Array(repeating: "data: x\n\n", count: count))]) {
      (deck) throws in
      let before = deck.state.wakes
      let answer = try ask(deck.port)
      #expect(answer.text.hasSuffix("0\r\n\r\n"))
      let wakes = deck.state.wakes - before
      #expect(wakes.wakes <= count + 20, "\(wakes)")
      #expect(wakes.spins <= 5, "\(wakes)")
    }
  }

  @Test("events of many streams that are due together are one wake")
  func together() {
    let connections = Connections(count: ConnectionCount(), limit: 1)
    let performer = Performer(
      turn: (0, 1), connections: connections, lateness: LatenessMeter())
    let due = Instant.now()
    for seat in 0..<160 {
      performer.wake(Connections.ID(seat: UInt32(seat), turn: 0), at: due, for: .plan)
    }
    var turns = 0
    while performer.deadline != nil, turns < 1_000_000 {
      let before = performer.wakes
      // Those who are to be woken are gone.
      #expect(!performer.perform())
      if performer.wakes < before { turns += 1 }
    }
    #expect(turns == 10)
  }

  @Test("each byte of a head is looked at once, though it comes byte by byte")
  func search() throws {
    let text = request("/v1/messages", headers: ["x-long: \(String(repeating: "z", count: 5000))"])
    var parser = RequestParser(headBytes: 64 << 10)
    var parts = 0
    for byte in Array(text.utf8) {
      parser.feed([byte])
      while try parser.next() != nil { parts += 1 }
    }
    #expect(parts == 2)
    #expect(parser.searchedBytes == text.utf8.count)
  }
}
