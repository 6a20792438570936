package import Cassettes
package import Matching
internal import Redaction
internal import Synchronization

/// The library that a deck serves now: read as a snapshot, changed while it serves.
///
/// An entry's identity stays true for ever: it is never given to another, and an exchange that is
/// read anew keeps it as long as nothing of it changed.
package final class Shelf: Sendable {
  private struct State {
    var library: Library
    var recordedBytes = 0

    /// Puts entries in the place of all that a cassette has.
    mutating func set(_ entries: [Library.Entry], ofCassette place: Int) {
      let before = library.cassettes[place].entries
      library.set(entries, ofCassette: place)
      recordedBytes += entries.reduce(0) { $0 + $1.recordedBytes }
      recordedBytes -= before.reduce(0) { $0 + $1.recordedBytes }
    }

    /// Moves an entry to where the first of some others is, which go.
    ///
    /// - Returns: the entry, as it is called there.
    mutating func put(
      _ entry: Library.Entry, insteadOf others: [Library.Entry], inCassette place: Int
    ) -> Library.Entry {
      let gone = Set(others.map(\.id))
      var entries = library.cassettes[place].entries
      guard let first = entries.firstIndex(where: { gone.contains($0.id) }) else { return entry }
      entries.removeAll { $0.id == entry.id || gone.contains($0.id) }
      entries.insert(entry, at: min(first, entries.count))
      entries = zip(1..., entries).map { number, entry in
        entry.number == number
          ? entry : Library.Entry(entry, number: number, origin: entry.origin)
      }
      set(entries, ofCassette: place)
      return entries.first { $0.id == entry.id } ?? entry
    }
  }

  private let state: Mutex<State>
  private let comparison: Comparison
  private let limitBytes: Int

  /// Creates a shelf.
  ///
  /// - Parameters:
  ///   - library: what it holds at first.
  ///   - recordedBytes: the bytes that what is added while it serves may take up.
  package init(_ library: Library, recordedBytes: Int = DeckLimits().recordedBytes) {
    comparison = library.comparison
    limitBytes = recordedBytes
    state = Mutex(State(library: library))
  }

  /// What never reaches a file, the journal or an error, and takes no part in matching.
  var rules: RedactionRules { comparison.rules }

  /// The library as it is now.
  package var library: Library { state.withLock { $0.library } }

  /// About how many bytes the exchanges take up that this deck recorded.
  package var recordedBytes: Int { state.withLock { $0.recordedBytes } }

  /// Adds an exchange that this deck recorded, once it is in its file.
  ///
  /// One that was read from there meanwhile is not added twice.
  ///
  /// - Parameters:
  ///   - exchange: the exchange as it stands in the file, so redacted.
  ///   - cassette: the cassette's name, where the file was not served before.
  ///   - path: the cassette's file.
  ///   - session: the session that it was recorded for; the unnamed one is "".
  ///   - superseded: entries of the cassette in whose place it comes, as far as they are still
  ///     there.
  /// - Returns: its entry, or nil where there is no room for it, so that it is not served
  ///   until the deck starts anew.
  package func add(
    _ exchange: Exchange, cassette: String, path: String, session: String,
    insteadOf superseded: [Library.Entry] = []
  ) -> Library.Entry? {
    let request = ComparableRequest(exchange.request, comparing: comparison)
    let origin = Library.Entry.Origin.recorded(session: session)
    let size = Library.Entry.sizeBytes(of: exchange)
    let resolvedPath = CassettePath.resolved(path)
    return state.withLock { state in
      guard size <= limitBytes - state.recordedBytes else { return nil }
      let place =
        state.library.place(resolvedPath: resolvedPath)
        ?? state.library.newCassette(named: cassette, path: path, resolvedPath: resolvedPath)
      state.recordedBytes += size
      let recording = Library.Entry.Recording(exchange)
      let entries = state.library.cassettes[place].entries
      if let read = entries.last(where: { Library.Entry.Recording($0.exchange) == recording }) {
        state.recordedBytes -= read.recordedBytes
        let entry = Library.Entry(read, number: read.number, origin: origin)
        state.library.exchange(read, for: entry, inCassette: place)
        return state.put(entry, insteadOf: superseded, inCassette: place)
      }
      let entry = state.library.newEntry(
        exchange, request, inCassette: place, number: entries.count + 1, origin: origin)
      state.library.append(entry, toCassette: place)
      return state.put(entry, insteadOf: superseded, inCassette: place)
    }
  }

  /// The identity that the next entry gets: taken before a file is read, it tells what came
  /// meanwhile.
  package var mark: Int { state.withLock { $0.library.nextID } }

  /// Puts what was read from a file in the place of what its cassette had.
  ///
  /// An exchange that did not change keeps its identity, and what was recorded for whom.
  ///
  /// - Parameters:
  ///   - path: the cassette's file.
  ///   - name: the cassette's name, where the file was not served before.
  ///   - exchanges: all of its exchanges, in the order of their places.
  ///   - mark: the shelf's mark before the file was read; what was added since then stays, behind
  ///     them.
  package func replace(
    cassette path: String, named name: String, with exchanges: [Exchange],
    readSince mark: Int = .max
  ) {
    // What is compared takes long to make, so it is made outside of the lock.
    let requests = exchanges.map { ComparableRequest($0.request, comparing: comparison) }
    let resolvedPath = CassettePath.resolved(path)
    state.withLock { state in
      let place =
        state.library.place(resolvedPath: resolvedPath)
        ?? state.library.newCassette(named: name, path: path, resolvedPath: resolvedPath)
      let before = state.library.cassettes[place].entries
      var known = Dictionary(grouping: before) { Library.Entry.Recording($0.exchange) }
      var entries: [Library.Entry] = []
      let recordedAt = exchanges.first.map(Library.Entry.recordedAt)
      for (number, (exchange, request)) in zip(1..., zip(exchanges, requests)) {
        let recording = Library.Entry.Recording(exchange)
        let same = known[recording]?.firstIndex { $0.exchange == exchange }
        if let same, let entry = known[recording]?.remove(at: same) {
          entries.append(
            Library.Entry(entry, number: number, origin: entry.origin, recordedAt: recordedAt))
        } else {
          entries.append(
            state.library.newEntry(
              exchange, request, inCassette: place, number: number, origin: .file,
              recordedAt: recordedAt))
        }
      }
      let read = Set(exchanges.map(Library.Entry.Recording.init))
      for entry in before
      where entry.id >= mark && !read.contains(Library.Entry.Recording(entry.exchange)) {
        entries.append(
          Library.Entry(
            entry, number: entries.count + 1, origin: entry.origin, recordedAt: recordedAt))
      }
      state.set(entries, ofCassette: place)
    }
  }

  /// Takes away the cassette of a file that is gone; what was added since the mark stays.
  package func remove(cassette path: String, goneSince mark: Int = .max) {
    let resolvedPath = CassettePath.resolved(path)
    guard let name = library.cassette(resolvedPath: resolvedPath)?.name else { return }
    replace(cassette: path, named: name, with: [], readSince: mark)
    state.withLock { state in
      guard let place = state.library.place(resolvedPath: resolvedPath),
        state.library.cassettes[place].entries.isEmpty
      else { return }
      state.library.removeCassette(place)
    }
  }
}
