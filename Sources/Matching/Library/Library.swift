package import Cassettes

/// Every exchange that a deck can serve, and the way to those of a request.
///
/// A value: a deck that records or watches files changes the one on its `Shelf`, and who has a copy
/// goes on with that.
public struct Library: Sendable {
  /// The cassettes, in the order in which they were given.
  public private(set) var cassettes: [Cassette] = []

  /// What takes part when requests are compared.
  public let comparison: Comparison

  /// What a person should know of the paths that were read: what was passed over, and why.
  public package(set) var notes: [String] = []

  /// The identity that the next entry gets; all before are lower.
  package private(set) var nextID = 0

  /// The entries of each method and path, in recorded order.
  private var index: [RequestLine: [Entry]] = [:]

  /// The places in `cassettes` of each name.
  private var names: [String: [Int]] = [:]

  /// The place in `cassettes` of each file, by its resolved path.
  private var files: [String: Int] = [:]

  private var nextOrder = 0

  /// Creates an empty library.
  public init(comparing comparison: Comparison = Comparison()) {
    self.comparison = comparison
  }

  /// Adds a cassette with its exchanges, which are in the order of their places.
  package mutating func add(
    cassette name: String, _ exchanges: [Exchange], path: String, resolvedPath: String
  ) {
    let place = newCassette(named: name, path: path, resolvedPath: resolvedPath)
    append(exchanges, toCassette: place)
    for line in Set(cassettes[place].entries.map(\.request.line)) { sort(line) }
  }

  /// Adds cassettes as `read` hands them over, and puts the entries in their order once all are
  /// there.
  package mutating func load<Failure: Error>(
    _ read: (_ add: (CassettePath.File, _ resolvedPath: String, [Exchange]) -> Void)
      throws(Failure) -> Void
  ) throws(Failure) {
    try read { file, resolvedPath, exchanges in
      append(
        exchanges,
        toCassette: newCassette(named: file.name, path: file.path, resolvedPath: resolvedPath))
    }
    for line in index.keys { sort(line) }
  }

  /// All entries, cassette by cassette, in their places.
  public var entries: [Entry] { cassettes.flatMap(\.entries) }

  /// How many entries there are.
  public var entryCount: Int { cassettes.reduce(0) { $0 + $1.entries.count } }

  /// The entries of a method and path, in recorded order.
  package func entries(for line: RequestLine) -> [Entry] { index[line] ?? [] }

  /// The entries of a method and path on one cassette, in recorded order.
  package func entries(for line: RequestLine, on cassette: Cassette) -> [Entry] {
    let all = entries(for: line)
    // The shorter way: a deck may have one cassette a session and one line for all.
    guard cassette.entries.count < all.count else {
      return all.filter { $0.rank.cassette == cassette.order }
    }
    return cassette.entries.filter { $0.request.line == line }.sorted { $0.rank < $1.rank }
  }

  /// The methods that are recorded for the path of a line.
  package func methods(for line: RequestLine) -> [String] {
    let target = line.comparedTarget
    return Set(index.keys.lazy.filter { $0.comparedTarget == target }.map(\.method)).sorted()
  }

  /// The cassettes of a name: several where served folders each hold one.
  package func cassettes(named name: String) -> [Cassette] {
    (names[name] ?? []).map { cassettes[$0] }
  }

  /// The cassette of a file whose path is resolved, or nil where it is not served.
  package func cassette(resolvedPath path: String) -> Cassette? {
    files[path].map { cassettes[$0] }
  }

  /// The place in `cassettes` of the one of a file whose path is resolved.
  package func place(resolvedPath path: String) -> Int? { files[path] }

  private mutating func append(_ exchanges: [Exchange], toCassette place: Int) {
    for exchange in exchanges {
      let request = ComparableRequest(exchange.request, comparing: comparison)
      let number = cassettes[place].entries.count + 1
      let entry = newEntry(exchange, request, inCassette: place, number: number, origin: .file)
      cassettes[place].entries.append(entry)
      index[entry.request.line, default: []].append(entry)
    }
  }

  private mutating func sort(_ line: RequestLine) {
    index[line]?.sort { $0.rank < $1.rank }
  }
}

// How it changes while it is served.
extension Library {
  /// Adds a cassette that is empty, and returns its place in `cassettes`.
  package mutating func newCassette(named name: String, path: String, resolvedPath: String) -> Int {
    let place = cassettes.count
    cassettes.append(
      Cassette(name: name, path: path, resolvedPath: resolvedPath, order: nextOrder))
    nextOrder += 1
    names[name, default: []].append(place)
    files[resolvedPath] = place
    return place
  }

  /// Makes an entry, without putting it anywhere; `recordedAt` where its cassette's first exchange
  /// changes.
  package mutating func newEntry(
    _ exchange: Exchange, _ request: ComparableRequest, inCassette place: Int, number: Int,
    origin: Entry.Origin, recordedAt: Int64? = nil
  ) -> Entry {
    defer { nextID += 1 }
    return Entry(
      id: nextID, exchange, request, in: cassettes[place], number: number, origin: origin,
      recordedAt: recordedAt)
  }

  /// Puts an entry behind those of its cassette.
  package mutating func append(_ entry: Entry, toCassette place: Int) {
    cassettes[place].entries.append(entry)
    insert(entry)
  }

  /// Puts an entry in the place of one that has the same request and rank.
  package mutating func exchange(_ old: Entry, for new: Entry, inCassette place: Int) {
    cassettes[place].entries[old.number - 1] = new
    let position = index[old.request.line]?.firstIndex { $0 === old }
    if let position { index[old.request.line]?[position] = new }
  }

  /// Puts entries in the place of all that a cassette has.
  package mutating func set(_ entries: [Entry], ofCassette place: Int) {
    let lines = Set(cassettes[place].entries.map(\.request.line))
    let order = cassettes[place].order
    for line in lines {
      index[line]?.removeAll { $0.rank.cassette == order }
      if index[line]?.isEmpty == true { index[line] = nil }
    }
    cassettes[place].entries = entries
    for entry in entries { insert(entry) }
  }

  /// Removes a cassette that has no entries left.
  package mutating func removeCassette(_ place: Int) {
    cassettes.remove(at: place)
    (names, files) = ([:], [:])
    for (place, cassette) in cassettes.enumerated() {
      names[cassette.name, default: []].append(place)
      files[cassette.resolvedPath] = place
    }
  }

  /// Puts an entry where its rank is among those of its line, most often at the end.
  private mutating func insert(_ entry: Entry) {
    let before = index[entry.request.line]?.lastIndex { $0.rank < entry.rank }
    let position = before.map { $0 + 1 } ?? 0
    index[entry.request.line, default: []].insert(entry, at: position)
  }
}
