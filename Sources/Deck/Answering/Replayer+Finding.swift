internal import Matching
internal import Planning
internal import Synchronization

extension Replayer {
  /// What answers a request, and how it was found.
  struct Finding: Sendable {
    let asked: Asked
    let entry: Library.Entry
    let match: JournalEntry.Match
    /// What it holds of the provider's limits, or nil where there are none.
    var pass: LimitPass?
    private let request: ComparableRequest
    private let comparison: Comparison

    init(
      _ asked: Asked, _ found: (entry: Library.Entry, match: JournalEntry.Match),
      _ request: ComparableRequest, comparing comparison: Comparison
    ) {
      self.asked = asked
      (entry, match) = found
      self.request = request
      self.comparison = comparison
    }

    var line: RequestLine { request.line }

    /// Whether `difference` takes no time.
    var isBrief: Bool {
      match != .loose
        || entry.request.body.bytes.count + request.body.bytes.count <= ComparableRequest.lightBytes
    }

    /// In what the request differs from a recording that was matched loosely.
    var difference: MissDetail? {
      guard match == .loose else { return nil }
      return MissDetail(Nearest(entry, to: request, comparing: comparison))
    }
  }

  /// What matching came to.
  enum Found {
    case found(Library.Entry, JournalEntry.Match)
    /// There are only failures, and it is to be asked again.
    case unanswered(Matcher.Unanswered)
    case none
    /// There are candidates, which the session has played.
    case usedUp
  }

  /// Finds what answers a request; a recording that is played once is used up by it only where it
  /// is said so.
  func find(
    _ request: ComparableRequest, in scope: Matcher.Scope, by matcher: Matcher,
    _ attempt: AttemptCount.Found, _ directives: Directives, usesUp: Bool
  ) throws -> Found {
    let faults = directives.faults ?? []
    let requests = attempt.counted.requests
    let answered = planner.catalogue.answeredAttempts(
      before: attempt.number, by: faults, requests: requests)
    let number =
      attempt.number - answered - attempt.limited + refusedBeforeAnswered(attempt, faults)
    switch matcher.match(request, number: number, in: scope) {
    case .exact(let entry): return .found(entry, directives.exchange == nil ? .exact : .directive)
    case .loose(let entry): return .found(entry, .loose)
    case .looseInOrder(let candidates):
      let key = SessionStore.LooseKey(request, cassette: directives.cassette)
      // An answer that is generated uses up no recording.
      let isUsed =
        usesUp
        && planner.catalogue.answeredAttempts(
          before: attempt.number + 1, by: faults, requests: requests) == answered
      let next = try state.sessions.withLock {
        try $0.nextLoose(key, in: matcher.session, isUsed: isUsed)
      }
      return next < candidates.count ? .found(candidates[next], .loose) : .usedUp
    case .unanswered(let unanswered): return .unanswered(unanswered)
    case .none: return .none
    }
  }

  /// How many attempts limits refused that faults would have answered: neither uses up a recording,
  /// and both together do not either.
  private func refusedBeforeAnswered(_ attempt: AttemptCount.Found, _ faults: [FaultSpec]) -> Int {
    guard attempt.limited > 0, !faults.isEmpty else { return 0 }
    let requests = attempt.counted.requests
    let answered = { [planner] (number: Int) in
      planner.catalogue.answeredAttempts(before: number, by: faults, requests: requests)
    }
    return attempt.counted.limited.attempts(before: attempt.number)
      .count { answered($0 + 1) > answered($0) }
  }

  /// Counts a request that nothing matches, and says what was nearest.
  func miss(
    _ request: ComparableRequest, in scope: Matcher.Scope, _ matcher: Matcher, isUsedUp: Bool
  ) throws -> Decision {
    state.sessions.withLock { $0.note(.missed, in: matcher.session) }
    let refusal = { @Sendable [configuration] in
      let miss = Miss(library: matcher.library, request: request, in: scope, isUsedUp: isUsedUp)
      return DeckRefusal(miss, status: configuration.missStatus)
    }
    if Miss.isBrief(request, among: matcher.library) { throw refusal() }
    return .prepare { done in done(.failure(refusal())) }
  }

  /// Says why a request is recorded though others of its method and path have been, or nil where
  /// none has.
  ///
  /// Those of earlier runs come first: that the requests of one run differ from each other
  /// surprises nobody, unless it is by what changes every run.
  func reasonToRecord(
    _ request: ComparableRequest, in scope: Matcher.Scope, _ matcher: Matcher
  ) -> MissDetail? {
    let alike = matcher.candidates(for: request.line, in: scope)
    let old = alike.filter { $0.origin == .file }
    let nearest = Nearest(
      to: request, among: old.isEmpty ? alike : old, comparing: matcher.library.comparison)
    guard let detail = nearest.map({ MissDetail($0) }) else { return nil }
    if !old.isEmpty || detail.suggestion != nil {
      state.tally.withLock { $0.note(DeckTally.Anew(detail)) }
    }
    return detail
  }
}
