internal import Matching
internal import Planning
internal import Synchronization

/// What happened to the requests before, the newest of them.
///
/// Bounded in entries and in bytes: the oldest make room. Their numbers ascend from 1 and say what
/// is gone; chance that no session decides depends on them.
final class Journal: Sendable {
  /// The requests that are remembered, and what was counted of all.
  private struct State {
    typealias Entries = Ring<(entry: JournalEntry, sizeBytes: Int)>

    var entries = Entries()
    var first = 1
    var bytes = 0
    var totals = JournalTotals()
    /// The most that was told of each, since what is counted must not seem to sink.
    var told = JournalTotals()

    /// The entry of a number, or nil where it is forgotten.
    func entry(_ number: Int) -> JournalEntry? {
      entries[number - first]?.entry
    }

    /// Adds a detail to an entry that has none.
    mutating func set(_ detail: MissDetail, at index: Int) {
      guard entries[index] != nil else { return }
      entries[index]?.entry.missDetail = detail
      entries[index]?.sizeBytes += detail.sizeBytes
      bytes += detail.sizeBytes
    }

    /// Adds a sentence to an entry.
    mutating func add(_ note: String, at index: Int) {
      let sizeBytes = JournalEntry.sizeBytes(ofNote: note)
      entries[index]?.entry.notes.append(note)
      entries[index]?.sizeBytes += sizeBytes
      bytes += sizeBytes
    }

    mutating func dropFirst() {
      bytes -= entries.removeFirst()?.sizeBytes ?? 0
      first += 1
    }
  }

  private let state = Mutex(State())
  private let limit: Int
  private let limitBytes: Int

  private let watch: JournalWatch?

  /// - Parameters:
  ///   - limits: how much is remembered.
  ///   - watch: told of each request that has ended.
  init(limits: DeckLimits, watch: JournalWatch? = nil) {
    self.watch = watch
    limit = limits.journalEntries
    limitBytes = limits.journalBytes
  }

  /// What was counted of all requests, of those that are forgotten too; none of it is ever less
  /// than it was before.
  var totals: JournalTotals {
    state.withLock { state in
      state.told.rise(to: state.totals)
      return state.told
    }
  }

  /// How many requests have come whose answers have not ended.
  var answersInProgress: Int {
    state.withLock { state in
      state.first - 1 + state.entries.count - state.totals.endings.values.reduce(0, +)
    }
  }

  /// Tells who watches that the answer to a request has ended for good.
  func tell(_ number: Int) {
    guard let watch else { return }
    let entry = state.withLock { $0.entry(number) }
    if let entry { watch.tell(entry) }
  }

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
      let index = number - state.first
      guard let before = state.entries[index] else { return }
      // What was found out meanwhile stays.
      let found = entry.missDetail == nil ? before.entry.missDetail : nil
      let notes = before.entry.notes.filter { !entry.notes.contains($0) }
      state.bytes += size - before.sizeBytes
      var entry = entry
      entry.recorded = entry.recorded ?? before.entry.recorded
      state.entries[index] = (entry, size)
      if let found { state.set(found, at: index) }
      for note in notes { state.add(note, at: index) }
      trim(&state)
    }
  }

  /// Says how a request differs from the nearest recording.
  func note(_ number: Int, missDetail: MissDetail) {
    state.withLock { state in
      state.set(missDetail, at: number - state.first)
      trim(&state)
    }
  }

  /// Says what a person should know of a forwarded request.
  func note(_ number: Int, _ text: String) {
    state.withLock { state in
      let index = number - state.first
      guard state.entries[index] != nil else { return }
      state.add(text, at: index)
      trim(&state)
    }
  }

  /// Says of a forwarded request what status came from upstream.
  func note(_ number: Int, status: Int) {
    change(number) { $0.status = status }
  }

  /// Says of a forwarded request where its answer was recorded.
  func note(_ number: Int, recorded exchange: ExchangeName) {
    change(number) { $0.recorded = exchange }
  }

  private func change(_ number: Int, _ change: (inout JournalEntry) -> Void) {
    state.withLock { state in
      let index = number - state.first
      guard var entry = state.entries[index]?.entry else { return }
      change(&entry)
      state.entries[index]?.entry = entry
    }
  }

  /// Says how the answer to a request ended, or that it is under way after all.
  ///
  /// - Parameters:
  ///   - number: the request's number.
  ///   - delivery: what went out, or nil while the answer is under way.
  ///   - before: what was said of it before, which does not count any more.
  func close(
    _ number: Int, _ delivery: JournalEntry.Delivery?, insteadOf before: JournalEntry.Delivery?
  ) {
    state.withLock { state in
      if let before { state.totals.add(before, times: -1) }
      if let delivery { state.totals.add(delivery) }
      state.entries[number - state.first]?.entry.delivery = delivery
    }
  }

  /// The numbers among which a reader finds what it asks for.
  ///
  /// - Parameters:
  ///   - session: the session that entries must name, or nil for all.
  ///   - after: the number that the reader has seen, or nil for none.
  ///   - limit: how many entries at the most: without `after` the newest, else the first behind it.
  /// - Returns: the numbers, of which some may be of other sessions.
  func numbers(session: String?, after: Int?, limit: Int) -> Range<Int> {
    let (first, end) = state.withLock { ($0.first, $0.first + $0.entries.count) }
    if let after { return (after < end ? max(first, after + 1) : end)..<end }
    guard limit < end - first else { return first..<end }
    var start = end
    var found = 0
    while start > first, found < limit {
      let block = max(first, start - Self.blockCount)..<start
      let named = entries(in: block, of: session).map(\.number)
      found += named.count
      start = found > limit ? named[found - limit] : block.lowerBound
    }
    return start..<end
  }

  /// Takes the first entries of a range of numbers, a few hundred at the most, so that nobody who
  /// writes waits long for one who reads.
  ///
  /// - Parameters:
  ///   - numbers: the range; what was looked at is taken off.
  ///   - session: the session that they must name, or nil for all.
  ///   - limit: how many at the most.
  /// - Returns: the entries with their numbers, as far as they are not forgotten.
  func take(
    _ numbers: inout Range<Int>, of session: String?, atMost limit: Int
  ) -> [(number: Int, entry: JournalEntry)] {
    let block = numbers.prefix(min(limit, Self.takenCount))
    numbers = block.endIndex..<numbers.upperBound
    return entries(in: block.startIndex..<block.endIndex, of: session)
  }

  private static let blockCount = 256
  private static let takenCount = 32

  private func entries(
    in numbers: Range<Int>, of session: String?
  ) -> [(number: Int, entry: JournalEntry)] {
    state.withLock { state in
      numbers.compactMap { number in state.entry(number).map { (number: number, entry: $0) } }
    }.filter { session == nil || $0.entry.session == session }
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

  /// Takes what is more in others: an answer that was counted as it seemed to end is taken back
  /// where its client leaves after all.
  mutating func rise(to others: JournalTotals) {
    endings.merge(others.endings, uniquingKeysWith: max)
    faults.merge(others.faults, uniquingKeysWith: max)
    bytes = max(bytes, others.bytes)
    events = max(events, others.events)
  }

  mutating func add(_ delivery: JournalEntry.Delivery, times: Int = 1) {
    endings[delivery.ended, default: 0] += times
    for fault in delivery.faults { faults[fault.asked.name, default: 0] += times }
    bytes &+= delivery.bytes &* times
    events &+= delivery.events &* times
  }
}
