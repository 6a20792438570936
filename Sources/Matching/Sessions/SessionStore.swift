package import Cassettes
internal import Digests
package import Judging
internal import Planning
package import Units

/// The replay state of every client: how often each request was made, and what was played.
///
/// Bounded in sessions, in requests a session, and in bytes over all.
package struct SessionStore: Sendable {
  /// The identity of a request within a session: method, path and body, hashed to 32 bytes so that
  /// a session's memory does not depend on the size of what it asks.
  package struct RequestKey: Hashable, Sendable {
    private let digest: [UInt8]

    package init(_ request: ComparableRequest) {
      var hash = SHA256()
      hash.update(Array("\(request.line.method) \(request.line.comparedTarget)\n".utf8))
      hash.update(request.body.bytes)
      digest = hash.finalize()
    }
  }

  /// How much is remembered.
  package struct Limits: Sendable {
    /// The sessions.
    package var sessions: Int

    /// The distinct requests of one session.
    package var requestsPerSession: Int

    /// About how many bytes all of them take up.
    package var bytes: Int

    /// Creates limits.
    package init(sessions: Int, requestsPerSession: Int, bytes: Int) {
      self.sessions = sessions
      self.requestsPerSession = requestsPerSession
      self.bytes = bytes
    }
  }

  /// What a session has counted with a request.
  package struct Count {
    /// Which try of the same request it is, from 1.
    package var attempt = 1
    /// Which of the session's requests it is, from 1.
    package var request = 1
    /// Which of the session's requests each attempt was, as far as that is remembered.
    package var requests: [Int] = []
    /// Which of the attempts before it limits refused.
    package var limited = LimitedTries()
    /// Under what the attempt's end is noted, or nil where it is not remembered.
    package var place: SessionTry.Place?
    /// The attempt of the same request before it.
    package var before: Attempt?
    /// How long it came after that was over, or nil where that is not known.
    package var waited: Microseconds?
    /// The attempts up to this one, where the one before it failed; else empty.
    package var retried: [Attempt] = []
  }

  /// The identity of a run of loose candidates.
  package struct LooseKey: Hashable, Sendable {
    package var line: RequestLine
    package var cassette: String?
    /// What chooses among the candidates of the line.
    package var headers: [String]
    var form: AskedForm?

    /// Creates the identity of the candidates for a request.
    package init(_ request: ComparableRequest, cassette: String?) {
      line = request.line
      self.cassette = cassette
      headers = request.headers
      form = request.form
    }
  }

  /// Sessions by name; the unnamed one is "".
  var sessions: [String: Session] = [:]
  var bytes = 0
  let limits: Limits

  /// The number of the next attempt of any session.
  var nextSerial = 0

  /// Begins without a session.
  package init(limits: Limits) {
    self.limits = limits
  }

  /// How many sessions are remembered.
  package var count: Int { sessions.count }

  /// What is remembered of a session, or nil where it was never seen or was forgotten.
  package func session(_ name: String) -> Session? { sessions[name] }

  /// Forgets a session, and returns whether it was known.
  package mutating func forget(_ name: String) -> Bool {
    guard let session = sessions.removeValue(forKey: name) else { return false }
    bytes -= session.bytes
    return true
  }

  /// Counts a request in its session.
  ///
  /// - Parameters:
  ///   - line: its method and target.
  ///   - request: its identity.
  ///   - name: the session.
  ///   - moment: when it had come whole.
  ///   - number: which attempt it says that it is, or nil where the session's own count says it.
  /// - Returns: what the session has counted with it.
  /// - Throws: where the session, or the request in it, would be one too many to remember.
  package mutating func count(
    _ line: RequestLine, _ request: RequestKey, in name: String, at moment: Instant,
    as number: Int? = nil
  ) throws(MatchingError) -> Count {
    if sessions[name]?.attempts[request] == nil {
      try admit(name, bytes: line.sizeBytes)
      sessions[name]?.add(request, line)
    }
    guard var count = sessions[name]?.count(request) else { return Count() }
    begin(request, in: name, at: moment, as: number ?? count.attempt, noting: &count)
    return count
  }

  /// The number, from 0, of the loose candidate that is next in the session; it is used up unless
  /// this attempt is answered without it.
  package mutating func nextLoose(
    _ key: LooseKey, in name: String, isUsed: Bool
  ) throws(MatchingError) -> Int {
    if sessions[name]?.loose[key] == nil {
      try admit(name, bytes: key.headers.reduce(key.line.sizeBytes) { $0 + $1.utf8.count })
      sessions[name]?.loose[key] = 0
    }
    let next = sessions[name]?.loose[key] ?? 0
    if isUsed { sessions[name]?.loose[key] = next + 1 }
    return next
  }

  /// Says what became of a request that was counted.
  package mutating func note(_ event: Session.Event, in name: String) {
    guard let grown = sessions[name]?.note(event) else { return }
    bytes += grown
  }

  /// Says that a request was refused for its directives, which may be the first that is heard of
  /// its session; one too many is not remembered.
  package mutating func noteRefused(in name: String) {
    guard !name.isEmpty else { return }
    if sessions[name] == nil { try? admit(name, bytes: 0) }
    note(.refused, in: name)
  }

  /// Makes room for one more request in a session, and for the session.
  mutating func admit(_ name: String, bytes size: Int) throws(MatchingError) {
    let session = sessions[name]
    guard session != nil || sessions.count < limits.sessions else {
      throw MatchingError(
        .full,
        "there are already \(limits.sessions) sessions: raise --max-sessions, or forget "
          + "some with DELETE /~/api/sessions/NAME")
    }
    guard session?.requests ?? 0 < limits.requestsPerSession else {
      throw MatchingError(
        .full,
        "session '\(name)' has made \(limits.requestsPerSession) different requests: raise "
          + "--max-session-requests or use more sessions")
    }
    let size = size + (session == nil ? Session.emptyBytes + name.utf8.count : 0)
    guard bytes + size <= limits.bytes else {
      throw MatchingError(
        .full,
        "the sessions already take up \(limits.bytes) bytes: raise --max-session-memory, "
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
