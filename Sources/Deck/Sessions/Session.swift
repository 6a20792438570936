/// One client's own replay state.
struct Session: Sendable {
  /// What can become of a request.
  enum Event: Sendable {
    /// An exchange was found for it, and played unless the deck itself answered in its place.
    case found(entry: Int, isLoose: Bool, isPlayed: Bool)
    /// Nothing matched.
    case missed
    /// It could choose from all cassettes, or from the one of that name.
    case chose(cassette: String?)
  }

  /// One request, and how often it was made.
  struct Request: Sendable {
    var line: RequestLine
    var attempts: Int
    /// Which of the session's requests it was, from 0, when it was first made.
    var place: Int
  }

  /// About how much memory a session takes up before its first request.
  static let emptyBytes = 512

  /// The requests that were made.
  private(set) var attempts: [SessionStore.RequestKey: Request] = [:]

  /// How far each run of loose candidates was played.
  var loose: [SessionStore.LooseKey: Int] = [:]

  /// The identities of the entries that were played.
  private(set) var played: Set<Int> = []

  /// The cassettes that requests named.
  private(set) var named: Set<String> = []

  /// Whether a request named no cassette, so that it could choose from all.
  private(set) var isOpen = false

  private(set) var missCount = 0
  private(set) var looseCount = 0

  /// About how much memory it takes up.
  var bytes = 0

  /// How many requests and runs are remembered.
  var requests: Int { attempts.count + loose.count }

  mutating func add(_ request: SessionStore.RequestKey, _ line: RequestLine) {
    attempts[request] = Request(line: line, attempts: 0, place: attempts.count)
  }

  /// Counts a request that was added, and returns how often it was made.
  mutating func count(_ request: SessionStore.RequestKey) -> Int? {
    attempts[request]?.attempts += 1
    return attempts[request]?.attempts
  }

  /// Takes in what became of a request, and returns how many bytes the session has grown by.
  mutating func note(_ event: Event) -> Int {
    let before = played.count + named.count
    switch event {
    case .missed: missCount += 1
    case .chose(nil): isOpen = true
    // Only such as there are get here, so the library bounds them.
    case .chose(let cassette?): named.insert(cassette)
    case .found(let entry, let isLoose, let isPlayed):
      if isPlayed { played.insert(entry) }
      if isLoose { looseCount += 1 }
    }
    let grown = (played.count + named.count - before) * 32
    bytes += grown
    return grown
  }
}
