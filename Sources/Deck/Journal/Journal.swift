internal import NIOCore
internal import Planning
internal import Synchronization

/// What happened to the requests before, the newest of them.
///
/// Bounded in entries and in bytes: the oldest make room. Their numbers ascend from 1 and say what is
/// gone; chance that no session decides depends on them.
final class Journal: Sendable {
  /// The requests that are remembered, and what was counted of all.
  private struct State {
    var entries = CircularBuffer<(entry: JournalEntry, sizeBytes: Int)>()
    var first = 1
    var bytes = 0
    var totals = JournalTotals()

    mutating func dropFirst() {
      bytes -= entries.removeFirst().sizeBytes
      first += 1
    }
  }

  private let state = Mutex(State())
  private let limit: Int
  private let limitBytes: Int

  init(limits: DeckLimits) {
    limit = limits.journalEntries
    limitBytes = limits.journalBytes
  }

  /// What was counted of all requests, of those that are forgotten too.
  var totals: JournalTotals { state.withLock { $0.totals } }

  /// Takes in a request that has come, and returns its number.
  func open(_ entry: JournalEntry) -> Int {
    let size = entry.sizeBytes
    return state.withLock { state in
      state.entries.append((entry, size))
      state.bytes += size
      let number = state.first + state.entries.count - 1
      trim(&state)
      return number
    }
  }

  /// Says what became of a request; one that is forgotten stays so.
  func update(_ number: Int, to entry: JournalEntry) {
    let size = entry.sizeBytes
    state.withLock { state in
      for fault in entry.choice?.faults ?? [] {
        state.totals.faults[fault.asked.name, default: 0] += 1
      }
      guard number >= state.first else { return }
      let index = state.entries.index(
        state.entries.startIndex, offsetBy: number - state.first)
      state.bytes += size - state.entries[index].sizeBytes
      state.entries[index] = (entry, size)
      trim(&state)
    }
  }

  /// Counts an answer that has ended.
  func count(_ delivery: JournalEntry.Delivery) {
    state.withLock { $0.totals.add(delivery) }
  }

  /// Says how the answer to a request ended, or that it is under way after all.
  func close(_ number: Int, _ delivery: JournalEntry.Delivery?) {
    state.withLock { state in
      guard number >= state.first else { return }
      let index = state.entries.index(
        state.entries.startIndex, offsetBy: number - state.first)
      state.entries[index].entry.delivery = delivery
    }
  }

  /// The entries with a number above `after`, ascending.
  ///
  /// - Parameters:
  ///   - session: the session that they must name, or nil for all.
  ///   - after: the number that the reader has seen, or nil for none.
  ///   - limit: how many at the most: with `after` the first behind it, else the newest.
  /// - Returns: the entries with their numbers.
  func entries(session: String?, after: Int?, limit: Int) -> [(number: Int, entry: JournalEntry)] {
    state.withLock { state in
      var found: [(number: Int, entry: JournalEntry)] = []
      let skipped = min(max(0, (after ?? 0) - state.first + 1), state.entries.count)
      let numbers = (state.first + skipped)..<(state.first + state.entries.count)
      for number in after == nil ? AnySequence(numbers.reversed()) : AnySequence(numbers) {
        guard found.count < limit else { break }
        let index = state.entries.index(
          state.entries.startIndex, offsetBy: number - state.first)
        let entry = state.entries[index].entry
        if session == nil || entry.session == session { found.append((number, entry)) }
      }
      return after == nil ? found.reversed() : found
    }
  }

  private func trim(_ state: inout State) {
    while state.entries.count > limit || state.bytes > limitBytes, !state.entries.isEmpty {
      state.dropFirst()
    }
  }
}

/// What is counted of all requests since the deck started.
struct JournalTotals: Sendable {
  /// Answers by how they ended.
  var endings: [JournalEntry.Ended: Int] = [:]

  /// Faults that fired, by name.
  var faults: [String: Int] = [:]

  /// Body bytes that went out.
  var bytes = 0

  /// Events that went out whole.
  var events = 0

  mutating func add(_ delivery: JournalEntry.Delivery) {
    endings[delivery.ended, default: 0] += 1
    bytes &+= delivery.bytes
    events &+= delivery.events
  }
}
