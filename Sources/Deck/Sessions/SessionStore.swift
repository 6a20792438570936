internal import Digests
internal import Planning

/// The replay state of every client: how often each request was made, and what was played.
///
/// Bounded in sessions, in requests a session, and in bytes over all.
struct SessionStore: Sendable {
  /// The identity of a request within a session: method, path and body, hashed to 32 bytes so that
  /// a session's memory does not depend on the size of what it asks.
  struct RequestKey: Hashable, Sendable {
    private let digest: [UInt8]

    init(_ request: ComparableRequest) {
      var hash = SHA256()
      hash.update(Array("\(request.line.method) \(request.line.comparedTarget)\n".utf8))
      hash.update(request.body.bytes)
      digest = hash.finalize()
    }
  }

  /// What a session has counted with a request.
  struct Count {
    /// Which try of the same request it is, from 1.
    var attempt = 1
    /// Which of the session's requests it is, from 1.
    var request = 1
    /// Which of the session's requests each attempt was, as far as that is remembered.
    var requests: [Int] = []
  }

  /// The identity of a run of loose candidates.
  struct LooseKey: Hashable, Sendable {
    var line: RequestLine
    var cassette: String?
    /// What chooses among the candidates of the line.
    var headers: [String] = []
    var form: AskedForm?
  }

  /// Sessions by name; the unnamed one is "".
  private var sessions: [String: Session] = [:]
  private var bytes = 0
  private let limits: DeckLimits

  init(limits: DeckLimits) {
    self.limits = limits
  }

  /// How many sessions are remembered.
  var count: Int { sessions.count }

  /// What is remembered of a session, or nil where it was never seen or was forgotten.
  func session(_ name: String) -> Session? { sessions[name] }

  /// Forgets a session, and returns whether it was known.
  mutating func forget(_ name: String) -> Bool {
    guard let session = sessions.removeValue(forKey: name) else { return false }
    bytes -= session.bytes
    return true
  }

  /// Counts a request in its session.
  ///
  /// - Throws: where the session, or the request in it, would be one too many to remember.
  mutating func count(
    _ line: RequestLine, _ request: RequestKey, in name: String
  ) throws(DeckRefusal) -> Count {
    if sessions[name]?.attempts[request] == nil {
      try admit(name, bytes: line.sizeBytes)
      sessions[name]?.add(request, line)
    }
    return sessions[name]?.count(request) ?? Count()
  }

  /// The number, from 0, of the loose candidate that is next in the session; it is used up unless
  /// this attempt is answered without it.
  mutating func nextLoose(
    _ key: LooseKey, in name: String, isUsed: Bool
  ) throws(DeckRefusal) -> Int {
    if sessions[name]?.loose[key] == nil {
      try admit(name, bytes: key.headers.reduce(key.line.sizeBytes) { $0 + $1.utf8.count })
      sessions[name]?.loose[key] = 0
    }
    let next = sessions[name]?.loose[key] ?? 0
    if isUsed { sessions[name]?.loose[key] = next + 1 }
    return next
  }

  /// Says what became of a request that was counted.
  mutating func note(_ event: Session.Event, in name: String) {
    guard let grown = sessions[name]?.note(event) else { return }
    bytes += grown
  }

  /// Says that a request was refused for its directives, which may be the first that is heard of
  /// its session; one too many is not remembered.
  mutating func noteRefused(in name: String) {
    guard !name.isEmpty else { return }
    if sessions[name] == nil { try? admit(name, bytes: 0) }
    note(.refused, in: name)
  }

  /// Makes room for one more request in a session, and for the session.
  private mutating func admit(_ name: String, bytes size: Int) throws(DeckRefusal) {
    let session = sessions[name]
    guard session != nil || sessions.count < limits.sessions else {
      throw DeckRefusal(
        status: 503,
        "there are already \(limits.sessions) sessions: raise --max-sessions, or forget "
          + "some with DELETE /~/api/sessions/NAME")
    }
    guard session?.requests ?? 0 < limits.requestsPerSession else {
      throw DeckRefusal(
        status: 503,
        "session '\(name)' has made \(limits.requestsPerSession) different requests: raise "
          + "--max-session-requests or use more sessions")
    }
    let size = size + (session == nil ? Session.emptyBytes + name.utf8.count : 0)
    guard bytes + size <= limits.sessionBytes else {
      throw DeckRefusal(
        status: 503,
        "the sessions already take up \(limits.sessionBytes) bytes: raise --max-session-memory, "
          + "or forget some with DELETE /~/api/sessions/NAME")
    }
    bytes += size
    sessions[name, default: Session()].bytes += size
  }
}

extension RequestLine {
  /// About how much memory a request of this line takes up in a session.
  fileprivate var sizeBytes: Int { 256 + method.utf8.count + target.utf8.count }
}
