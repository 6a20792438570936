internal import Crypto
internal import Planning

/// The replay state of every client: how often each request was made, and what was played loosely.
struct SessionStore: Sendable {
  /// The identity of a request within a session: method, path and body, hashed to 32 bytes so that a
  /// session's memory does not depend on the size of what it asks.
  struct RequestKey: Hashable, Sendable {
    private let digest: [UInt8]

    init(_ request: ComparableRequest) {
      var hash = SHA256()
      hash.update(data: Array("\(request.line.method) \(request.line.target)\n".utf8))
      hash.update(data: request.body.bytes)
      digest = Array(hash.finalize())
    }
  }

  /// The identity of a run of loose candidates.
  struct LooseKey: Hashable, Sendable {
    var line: RequestLine
    var cassette: String?
  }

  private struct Session {
    var attempts: [RequestKey: Int] = [:]
    var loose: [LooseKey: Int] = [:]

    var size: Int { attempts.count + loose.count }
  }

  /// Sessions by name; the unnamed one is "".
  private var sessions: [String: Session] = [:]
  private let sessionLimit: Int
  private let requestLimit: Int

  init(limits: DeckLimits) {
    sessionLimit = limits.sessions
    requestLimit = limits.requestsPerSession
  }

  /// Counts a request, and returns which try of it in its session this is, from 1.
  ///
  /// - Throws: where the session, or the request in it, would be one too many to remember.
  mutating func count(_ request: RequestKey, in name: String) throws(DeckRefusal) -> Int {
    try admit(name, isKnown: sessions[name]?.attempts[request] != nil)
    let count = (sessions[name]?.attempts[request] ?? 0) + 1
    sessions[name]?.attempts[request] = count
    return count
  }

  /// The number, from 0, of the loose candidate that is next in the session, which is then used up.
  mutating func nextLoose(_ key: LooseKey, in name: String) throws(DeckRefusal) -> Int {
    try admit(name, isKnown: sessions[name]?.loose[key] != nil)
    let next = sessions[name]?.loose[key] ?? 0
    sessions[name]?.loose[key] = next + 1
    return next
  }

  private mutating func admit(_ name: String, isKnown: Bool) throws(DeckRefusal) {
    if let session = sessions[name] {
      guard isKnown || session.size < requestLimit else {
        throw DeckRefusal(
          status: 503,
          "session '\(name)' has made \(requestLimit) different requests: raise "
            + "--max-session-requests or use more sessions")
      }
    } else {
      guard sessions.count < sessionLimit else {
        throw DeckRefusal(
          status: 503, "\(sessionLimit) sessions are remembered already: raise --max-sessions")
      }
      sessions[name] = Session()
    }
  }
}
