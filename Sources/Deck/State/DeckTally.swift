internal import Matching

/// What a deck remembers for its end: what was played, and what did not match as it should.
///
/// Bounded: the first few of each kind are kept, and the number of all.
struct DeckTally: Sendable {
  /// A request that was answered by an exchange with another body.
  struct Loose: Hashable, Sendable {
    var line: RequestLine
    /// The session; the unnamed one is "".
    var session: String
    var exchange: ExchangeName
  }

  /// A request that the deck refused, and what it told the client.
  struct Told: Hashable, Sendable {
    var session: String
    var message: String
  }

  /// A request that was recorded though one like it had been.
  struct Anew: Hashable, Sendable {
    /// Where it differs from that: the first few places, and how many more there are.
    var places: [String]
    var more: Int
    /// The option with which it would have matched.
    var suggestion: String?
  }

  /// The entries that were played.
  private(set) var played = IdentitySet()

  /// The first of the requests that were answered by another exchange.
  private(set) var loose = FirstFew<Loose>()

  /// The first of the requests that nothing matched.
  private(set) var misses = FirstFew<Told>()

  /// The first of the requests whose directives are wrong.
  private(set) var refused = FirstFew<Told>()

  /// The faults that were asked for.
  var asked = AskedFaults()

  /// The first of the recordings that are lost, a sentence each.
  private(set) var lost = FirstFew<String>()

  /// The first of the cassettes with text that only joins across events to what looks like a
  /// secret.
  private(set) var joinedSecrets = FirstFew<String>()

  /// Takes in that a request was answered by an entry.
  mutating func note(_ entry: Int, isPlayed: Bool, loose: Loose?) {
    if isPlayed { played.insert(entry) }
    if let loose { self.loose.add(loose) }
  }

  /// Takes in that a recording is lost, and why.
  mutating func note(lost message: String) { lost.add(message) }

  /// Takes in that text in a cassette looks like a secret once it is joined.
  mutating func note(joinedSecretIn path: String) { joinedSecrets.add(path) }

  /// The first of the requests that were recorded anew.
  private(set) var anew = FirstFew<Anew>()

  /// Takes in that a request was recorded though one like it had been.
  mutating func note(_ anew: Anew) { self.anew.add(anew) }

  /// The first of what clients did wrong in sessions that are forgotten.
  private(set) var wrongs = FirstFew<Told>()

  /// Takes in what a client did wrong.
  mutating func note(wrong: Told) { wrongs.add(wrong) }

  /// Takes in that nothing matched a request.
  mutating func note(_ missed: Told) { misses.add(missed) }

  /// Takes in that a request's directives are wrong.
  mutating func note(refused: Told) { self.refused.add(refused) }
}

/// The first few different items, with the number of times each came, and the number of all.
struct FirstFew<Item: Hashable & Sendable>: Sendable {
  /// How many are kept: as many as a person reads.
  static var limit: Int { 20 }

  private(set) var items: [(item: Item, times: Int)] = []
  private(set) var total = 0

  mutating func add(_ item: Item) {
    total += 1
    if let known = items.firstIndex(where: { $0.item == item }) {
      items[known].times += 1
    } else if items.count < Self.limit {
      items.append((item, 1))
    }
  }

  /// A line for each that is kept, and one that says how many there are beyond them.
  func lines(_ words: (Item) -> String) -> [String] {
    let lines = items.map { words($0.item) + ($0.times > 1 ? " (\($0.times) times)" : "") }
    let more = total - items.reduce(0) { $0 + $1.times }
    return more > 0 ? lines + ["and \(more) more"] : lines
  }
}

/// A set of identities, which ascend from 0: one bit for each.
struct IdentitySet: Sendable {
  private var words: [UInt64] = []

  mutating func insert(_ identity: Int) {
    guard identity >= 0 else { return }
    while words.count <= identity / 64 { words.append(0) }
    words[identity / 64] |= 1 << UInt64(identity % 64)
  }

  func contains(_ identity: Int) -> Bool {
    words.indices.contains(identity / 64) && words[identity / 64] >> UInt64(identity % 64) & 1 == 1
  }
}
