import Quotas
import Testing
import Units

struct ConcurrencyTests {
  private let now = Instant(nanoseconds: 0)

  private func gate(_ texts: String..., keys: Int = 100) throws -> ProviderGate {
    var limits = ProviderLimits()
    for text in texts { try limits.add(ProviderLimit(parsing: text)) }
    return ProviderGate(limits, start: now, keyLimit: keys)
  }

  private func ask(_ gate: inout ProviderGate, _ key: UInt64 = 1) -> LimitVerdict {
    gate.ask(LimitDemand(key: key, session: nil), at: now).verdict
  }

  private func end(_ gate: inout ProviderGate, _ ticket: LimitTicket) -> [LimitTicket] {
    gate.end(ticket, used: TokenUsage(), at: now)
  }

  @Test func whoWaitsGetsItsTurnInTheOrderOfArrival() throws {
    var gate = try gate("concurrency=2,queue=3")
    let first = try (0..<2).map { _ in try #require(ask(&gate).ticket) }
    let waiting = try (0..<3).map { _ in
      let verdict = ask(&gate)
      #expect(verdict.isWaiting)
      return try #require(verdict.ticket)
    }
    #expect(ask(&gate).refusal?.cause == .line(0))
    #expect(gate.waitingCount == 3)
    #expect(end(&gate, first[1]) == [waiting[0]])
    #expect(end(&gate, first[0]) == [waiting[1]])
    #expect(end(&gate, waiting[0]) == [waiting[2]])
    #expect(gate.waitingCount == 0)
    #expect(end(&gate, waiting[1]) == [])
    #expect(!ask(&gate).isWaiting)
  }

  @Test("Whoever leaves the line makes room, wherever it stands", arguments: 0..<4)
  func leaving(place: Int) throws {
    var gate = try gate("concurrency=1,queue=4")
    let first = try #require(ask(&gate).ticket)
    var waiting = try (0..<4).map { _ in try #require(ask(&gate).ticket) }
    #expect(end(&gate, waiting.remove(at: place)) == [])
    let late = ask(&gate)
    #expect(late.isWaiting)
    waiting.append(try #require(late.ticket))
    var current = first
    for next in waiting {
      #expect(end(&gate, current) == [next])
      current = next
    }
    #expect(end(&gate, current) == [])
    #expect(gate.liveCount == 0)
  }

  @Test func keysDoNotWaitForEachOther() throws {
    var gate = try gate("concurrency=1,queue=1,per=key")
    #expect(!ask(&gate, 1).isWaiting)
    #expect(ask(&gate, 1).isWaiting)
    #expect(ask(&gate, 1).refusal != nil)
    #expect(!ask(&gate, 2).isWaiting)
  }

  @Test func twoLinesArePassedOneAfterTheOther() throws {
    var gate = try gate("concurrency=1,queue=9,per=key", "concurrency=2,queue=9,per=all")
    let (one, two) = (try #require(ask(&gate, 1).ticket), try #require(ask(&gate, 2).ticket))
    let behindOne = try #require(ask(&gate, 1).ticket)
    let three = try #require(ask(&gate, 3).ticket)
    // The end of one lets the next of its key move up, to the end of the line of all.
    #expect(end(&gate, one) == [three])
    #expect(end(&gate, two) == [behindOne])
    #expect(end(&gate, three) == [])
    #expect(end(&gate, behindOne) == [])
    #expect(gate.liveCount == 0)
  }

  @Test func nobodyStarvesAndNoPlaceIsLost() throws {
    var random = SeededNumbers(seed: 11)
    var gate = try gate("concurrency=3,queue=1000,per=key", "concurrency=5,queue=1000,per=all")
    var running: Set<LimitTicket> = []
    var waiting: [LimitTicket] = []
    for _ in 0..<20_000 {
      switch random.next(0...3) {
      case 0, 1:
        let verdict = ask(&gate, UInt64(random.next(1...6)))
        guard let ticket = verdict.ticket else { break }
        if verdict.isWaiting { waiting.append(ticket) } else { running.insert(ticket) }
      case 2:
        guard let ticket = running.first else { break }
        running.remove(ticket)
        let admitted = end(&gate, ticket)
        waiting.removeAll { admitted.contains($0) }
        running.formUnion(admitted)
      default:
        guard !waiting.isEmpty, random.next(0...9) == 0 else { break }
        let left = waiting.remove(at: Int(random.next(0...Int64(waiting.count - 1))))
        let admitted = end(&gate, left)
        waiting.removeAll { admitted.contains($0) }
        running.formUnion(admitted)
      }
      #expect(running.count <= 5)
      #expect(gate.liveCount == running.count + waiting.count)
      #expect(gate.waitingCount == waiting.count)
    }
    // Everybody gets a turn once those in front have ended.
    while let ticket = running.first {
      running.remove(ticket)
      let admitted = end(&gate, ticket)
      waiting.removeAll { admitted.contains($0) }
      running.formUnion(admitted)
    }
    #expect(waiting.isEmpty)
    #expect(gate.liveCount == 0)
  }

  @Test func linesThatKeysShareAreNoWayToMorePlaces() throws {
    var gate = try gate("concurrency=2,per=key", keys: 1)
    let own = try #require(ask(&gate, 1).ticket)
    let shared = try (0..<2).map { _ in try #require(ask(&gate, 2).ticket) }
    #expect(ask(&gate, 3).refusal != nil)
    _ = end(&gate, own)
    // There is room for a line of its own, but it still has two places of the shared one.
    #expect(ask(&gate, 2).refusal != nil)
    for ticket in shared { _ = end(&gate, ticket) }
    for _ in 0..<2 { #expect(ask(&gate, 2).ticket != nil) }
  }
}
