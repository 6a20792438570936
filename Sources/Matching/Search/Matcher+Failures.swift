internal import Cassettes

// A failure is never a fixture by accident: where requests are forwarded, a request whose
// recordings hold no answer is asked again. What a cassette holds for a request counts together: an
// answer on it says that the failures in front of it are meant.
extension Matcher {
  /// Whether a failure alone is no reason to replay it.
  ///
  /// Who names a cassette that this deck does not record to asks for what is on it.
  package func asksAgain(in scope: Scope) -> Bool {
    guard policy.asksAgain else { return false }
    switch scope {
    case .entry: return false
    case .all, .none: return true
    case .cassette(let cassette): return cassette.order == targetOrder
    }
  }

  private var targetOrder: Int? {
    target.flatMap { library.cassette(resolvedPath: $0) }?.order
  }

  /// Whether an entry was recorded by this deck where it records now.
  func isRecordedNow(_ entry: Library.Entry) -> Bool {
    entry.origin != .file && entry.rank.cassette == targetOrder
  }

  /// Whether an exchange is a failure that this session had from upstream in this deck's life: its
  /// retry is not answered with it again, but forwarded as it would be without a deck.
  func isOwnFailure(_ entry: Library.Entry) -> Bool {
    entry.origin == .recorded(session: session) && entry.exchange.isWorthRetrying
  }

  /// Says which of a request's recordings make room, where none of them is an answer.
  ///
  /// A retry leaves the failures in front of it that its own session had in this deck's life, so
  /// that both are on the tape, in their order. All others make room: those of earlier runs, and
  /// those of other sessions.
  package func unanswered(
    _ equal: [Library.Entry], _ line: RequestLine, number: Int
  ) -> Unanswered {
    let own = equal.filter { isRecordedNow($0) && $0.origin == .recorded(session: session) }
    let isRetry = number > own.count
    let kept = Set(own.filter { isRetry && staysBeforeRetry($0) }.map(\.id))
    return Unanswered(
      superseded: equal.filter { entry in
        entry.rank.cassette == targetOrder && entry.request.line == line && !kept.contains(entry.id)
      }, isOld: equal.contains { $0.origin == .file })
  }

  /// Whether what comes next in the same session may be its retry.
  ///
  /// A named session is one client. Without a name it may be anybody's, so what no client asks
  /// again by itself makes room: a wrong key is corrected by a person, and so is an upstream that
  /// is not there.
  private func staysBeforeRetry(_ entry: Library.Entry) -> Bool {
    !session.isEmpty || entry.exchange.isWorthRetrying && !entry.exchange.isUnconnected
  }
}

extension Exchange {
  /// Whether a client would ask again: it ended early, or with a status that SDKs take for passing.
  var isWorthRetrying: Bool {
    guard let head, ending.how == .complete else { return true }
    return [408, 409, 429].contains(head.status) || head.status >= 500
  }

  /// Whether nobody was there to ask.
  var isUnconnected: Bool {
    guard head == nil else { return false }
    return [.dns, .connect, .tls].contains(ending.stage)
  }
}
