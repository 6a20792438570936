package import Judging
package import Planning
internal import Units

/// One client's own replay state.
package struct Session: Sendable {
  /// What can become of a request.
  package enum Event: Sendable {
    /// An exchange was found for it, and played unless the deck itself answered in its place.
    case found(entry: Int, isLoose: Bool, isPlayed: Bool)
    /// Nothing matched.
    case missed
    /// It could choose from all cassettes, or from the one of that name.
    case chose(cassette: String?)
    /// Its directives were wrong.
    case refused
    /// What was recorded of it is lost.
    case lost
    /// A limit of the provider refused it.
    case limited
    /// It asked for a fault by name.
    case asked(fault: FaultSpec)
    /// A fault that was asked for has fired.
    case fired(fault: FaultSpec)
  }

  /// One request, and how often it was made.
  package struct Request: Sendable {
    package var line: RequestLine
    package var attempts: Int
    /// Which of the session's requests its attempts were, from 1, as many as are remembered.
    package var requests: [Int] = []
    /// Which of the session's requests it was, from 0, when it was first made.
    package var place: Int
    /// Which of its attempts limits refused.
    var limited = LimitedTries()
    /// What the wire saw of its attempts, as many as are remembered, and always of the last.
    var tries: [SessionTry] = []
  }

  /// About how much memory a session takes up before its first request.
  static let emptyBytes = 512

  /// When the first request came whole, from which the times of attempts count.
  var begin: Instant?

  /// What the client said of the answer.
  package internal(set) var outcome: Delivered?

  /// The requests that were made.
  package internal(set) var attempts: [SessionStore.RequestKey: Request] = [:]

  /// How many requests were counted, whatever they asked.
  private(set) var requestCount = 0

  /// The attempts of a request of which it is remembered which requests they were.
  static let attemptLimit = 64

  /// How far each run of loose candidates was played.
  package var loose: [SessionStore.LooseKey: Int] = [:]

  /// The identities of the entries that were played.
  package private(set) var played: Set<Int> = []

  /// The cassettes that requests named.
  package private(set) var named: Set<String> = []

  /// Whether a request named no cassette, so that it could choose from all.
  package private(set) var isOpen = false

  package private(set) var missCount = 0
  package private(set) var looseCount = 0
  package private(set) var refusedCount = 0
  package private(set) var lostCount = 0
  package private(set) var limitedCount = 0

  /// The faults that its requests asked for by name, in order, and whether each has fired.
  package private(set) var asked: [(fault: FaultSpec, hasFired: Bool)] = []

  /// The different faults that are remembered.
  private static let faultLimit = 256

  /// About how much memory it takes up.
  package var bytes = 0

  /// How many requests and runs are remembered.
  package var requests: Int { attempts.count + loose.count }

  package mutating func add(_ request: SessionStore.RequestKey, _ line: RequestLine) {
    attempts[request] = Request(line: line, attempts: 0, place: attempts.count)
  }

  /// Counts a request that was added, and returns how often it was made, and which requests of the
  /// session its attempts were, this one as the last.
  package mutating func count(_ key: SessionStore.RequestKey) -> SessionStore.Count? {
    guard var request = attempts.removeValue(forKey: key) else { return nil }
    defer { attempts[key] = request }
    requestCount += 1
    request.attempts += 1
    if request.requests.count < Self.attemptLimit { request.requests.append(requestCount) }
    return SessionStore.Count(
      attempt: request.attempts, request: requestCount, requests: request.requests,
      limited: request.limited)
  }

  /// Takes in what became of a request, and returns how many bytes the session has grown by.
  package mutating func note(_ event: Event) -> Int {
    let before = played.count + named.count
    switch event {
    case .missed: missCount += 1
    case .refused: refusedCount += 1
    case .lost: lostCount += 1
    case .limited: limitedCount += 1
    case .asked(let fault): return note(asked: fault)
    case .fired(let fault):
      guard let index = asked.firstIndex(where: { $0.fault == fault }) else { return 0 }
      asked[index].hasFired = true
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

  private mutating func note(asked fault: FaultSpec) -> Int {
    guard asked.count < Self.faultLimit, !asked.contains(where: { $0.fault == fault }) else {
      return 0
    }
    asked.append((fault, false))
    let grown = 200 + fault.sizeBytes
    bytes += grown
    return grown
  }
}

extension FaultSpec {
  /// About how much memory it takes up beyond its own.
  package var sizeBytes: Int {
    arguments.reduce(name.utf8.count) { $0 + $1.utf8.count + 16 }
      + keys.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.utf8.count ?? 0) + 32 }
  }
}
