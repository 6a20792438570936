internal import Cassettes
internal import HTTP
internal import Matching
internal import Planning
internal import Synchronization
internal import Units

/// Which try of the same request a request is: by directive, by the named session's count, by the
/// SDK's own header, or by the count of the unnamed session.
struct AttemptCount {
  private let directives: Directives
  private let retries: Int?

  init(_ request: DeckRequest, _ directives: Directives) {
    self.directives = directives
    retries = request.headers.value(of: "x-stainless-retry-count").flatMap { Int($0) }
  }

  /// Which attempt a request is, who says so, what its session has counted, and how many of the
  /// attempts before it limits refused.
  typealias Found = (
    number: Int, source: JournalEntry.AttemptSource, counted: SessionStore.Count, limited: Int
  )

  /// Counts the request in its session, and returns which attempt it is and who says so.
  ///
  /// - Throws: where the session cannot remember it.
  func attempt(
    of request: ComparableRequest, at arrival: Instant, in sessions: borrowing Mutex<SessionStore>
  ) throws -> Found {
    let session = directives.session ?? ""
    let key = SessionStore.RequestKey(request)
    let counted = try sessions.withLock {
      let count = try $0.count(
        request.line, key, in: session, at: arrival, as: directives.attempt)
      $0.note(.chose(cassette: directives.cassette), in: session)
      return count
    }
    if let attempt = directives.attempt { return (attempt, .directive, counted, 0) }
    let limited = counted.limited
    if directives.session != nil {
      return (counted.attempt, .session, counted, limited.count)
    }
    // A client starts its header again from 0 after a broken stream, so a session's count comes
    // first.
    if let retries, (0..<1_000_000_000).contains(retries) {
      return (retries + 1, .header, counted, limited.count(before: retries + 1))
    }
    return (counted.attempt, .unnamed, counted, limited.count)
  }
}
