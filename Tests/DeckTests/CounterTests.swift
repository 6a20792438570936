import Testing

@testable import Deck

@Suite("What is counted only rises, whatever is taken back or forgotten")
struct CounterTests {
  private static func delivery(_ ended: JournalEntry.Ended, bytes: Int) -> JournalEntry.Delivery {
    JournalEntry.Delivery(bytes: bytes, events: bytes / 10, ended: ended, latenessNanoseconds: 0)
  }

  @Test("an end that was announced and taken back stays in what was told of it")
  func takenBack() {
    let journal = Journal(limits: DeckLimits())
    let number = journal.open(JournalEntry(at: 0))
    let announced = Self.delivery(.complete, bytes: 100)
    journal.close(number, announced, insteadOf: nil)
    #expect(journal.totals.endings == [.complete: 1] && journal.totals.bytes == 100)
    journal.close(number, nil, insteadOf: announced)
    #expect(journal.totals.endings == [.complete: 1] && journal.totals.bytes == 100)
    journal.close(number, Self.delivery(.client, bytes: 40), insteadOf: nil)
    #expect(journal.totals.endings == [.complete: 1, .client: 1])
    #expect(journal.totals.bytes == 100 && journal.totals.events == 10)
    for _ in 1...2 {
      let number = journal.open(JournalEntry(at: 0))
      journal.close(number, announced, insteadOf: nil)
    }
    #expect(journal.totals.endings[.complete] == 2 && journal.totals.bytes == 240)
  }

  @Test("entries that make room for others stay counted")
  func trimmed() {
    var limits = DeckLimits()
    limits.journalEntries = 2
    let journal = Journal(limits: limits)
    var before = 0
    for count in 1...10 {
      let number = journal.open(JournalEntry(at: 0))
      journal.close(number, Self.delivery(.complete, bytes: 10), insteadOf: nil)
      #expect(journal.totals.endings[.complete] == count && journal.totals.bytes > before)
      before = journal.totals.bytes
    }
  }

  @Test(
    "a request that was counted when it was forwarded is not counted again when that was in vain")
  func forwardedInVain() {
    var counts = DeckCounts()
    counts.requests = 1
    counts.count(DeckRefusal(status: 502, "no"), isCounted: true)
    #expect(counts.requests == 1 && counts.refused == 1)
    counts.count(DeckRefusal(status: 404, kind: .miss, "no"), isCounted: false)
    counts.count(DeckRefusal(status: 403, kind: .foreign, "no"), isCounted: false)
    #expect(counts.requests == 2 && counts.misses == 1 && counts.foreign == 1)
  }
}
