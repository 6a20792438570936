internal import Units

/// What is kept for each client that a limit tells apart.
protocol KeptByKey: Sendable {
  /// Whether nothing would change if it were forgotten and begun anew.
  mutating func isAtRest(at now: Instant) -> Bool

  /// What a client begins with that may have used the shared one before; nil where it has to go on
  /// with that.
  mutating func heir(at now: Instant) -> Self?
}

/// What is kept for each client, up to a number of them.
///
/// The keys are the clients' to invent, so their number has a bound, and passing it must not be a
/// way around a limit. Only what is at rest, such as a bucket that is full again, is forgotten:
/// whoever comes back under that key finds it as it was. Where everything is in use, all further
/// keys share one. A key that leaves the shared one for its own begins with what is left in that,
/// never with more.
struct KeyTable<Kept: KeptByKey>: Sendable {
  /// Where a key's stands.
  typealias Place = Int

  /// The place of what the keys share that have none of their own.
  static var sharedPlace: Place { -1 }

  /// How many are looked at to find one that can be forgotten.
  private static var looks: Int { 8 }

  private let limit: Int
  private let fresh: Kept
  private(set) var shared: Kept
  private var places: [UInt64: Place] = [:]
  private var entries: [(key: UInt64, kept: Kept)] = []
  /// Where the next look for one to forget begins.
  private var hand = 0

  /// - Parameters:
  ///   - limit: How many keys have one of their own.
  ///   - fresh: What each begins with.
  init(limit: Int, fresh: Kept) {
    self.limit = max(0, limit)
    self.fresh = fresh
    shared = fresh
  }

  /// How many keys have one of their own.
  var count: Int { entries.count }

  /// What stands at a place.
  subscript(place: Place) -> Kept {
    get { entries.indices.contains(place) ? entries[place].kept : shared }
    set {
      if entries.indices.contains(place) {
        entries[place].kept = newValue
      } else {
        shared = newValue
      }
    }
  }

  /// Changes what stands at a place, without a copy of it.
  mutating func change<Result>(_ place: Place, _ body: (inout Kept) -> Result) -> Result {
    entries.indices.contains(place) ? body(&entries[place].kept) : body(&shared)
  }

  /// Where a key's stands, or nil where it has none of its own.
  func known(_ key: UInt64) -> Place? { places[key] }

  /// Where a key's stands, which gets one now where there is room.
  mutating func place(of key: UInt64, at now: Instant) -> Place {
    if let place = places[key] { return place }
    let isPlain = shared.isAtRest(at: now)
    guard let begun = isPlain ? fresh : shared.heir(at: now) else { return Self.sharedPlace }
    if entries.count < limit {
      entries.append((key, begun))
      places[key] = entries.count - 1
      return entries.count - 1
    }
    for _ in 0..<min(Self.looks, entries.count) {
      let place = hand
      hand = (hand + 1) % entries.count
      guard entries[place].kept.isAtRest(at: now) else { continue }
      places[entries[place].key] = nil
      entries[place] = (key, begun)
      places[key] = place
      return place
    }
    return Self.sharedPlace
  }

  /// Passes over all of them, the shared one too.
  func forEach(_ body: (Kept) -> Void) {
    for entry in entries { body(entry.kept) }
    body(shared)
  }
}

extension TokenBucket: KeptByKey {
  mutating func isAtRest(at now: Instant) -> Bool {
    refill(to: now)
    return isFull
  }

  mutating func heir(at now: Instant) -> TokenBucket? {
    refill(to: now)
    return self
  }
}
