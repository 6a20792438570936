internal import Cassettes
internal import Planning
internal import Synchronization

/// Finds the exchange that answers a request, and its plan.
final class Replayer: Sendable {
  private let configuration: DeckConfiguration
  private let library: Library
  private let state: DeckState
  private let matcher: Matcher
  private let planner = Planner()
  private let plans: PlanCache

  init(configuration: DeckConfiguration, library: Library, state: DeckState) {
    self.configuration = configuration
    self.library = library
    self.state = state
    matcher = Matcher(library: library, matchesBody: configuration.matchesBody)
    plans = PlanCache(limitBytes: configuration.limits.cachedPlanBytes, planner: planner)
  }

  /// Answers a request with a recording.
  ///
  /// - Parameters:
  ///   - request: what was asked.
  ///   - target: its target, taken apart.
  ///   - ordinal: its number, on which chance depends where no session is named.
  ///   - entry: what the journal says of it, filled in as far as the request gets.
  /// - Returns: the plan of the answer.
  /// - Throws: why there is no answer.
  func replay(
    _ request: DeckRequest, _ target: RequestTarget, ordinal: Int, noting entry: inout JournalEntry
  ) throws -> SharedPlan {
    let directives = try directives(of: request, target, noting: &entry)
    try check(directives)
    let scope = try matcher.scope(of: directives)
    let comparable = ComparableRequest(
      method: request.method, target: target.target, headers: request.headers, body: request.body,
      ignoring: configuration.ignoredPointers, rules: library.rules)
    let attempt = try AttemptCount(request, directives).attempt(of: comparable, in: state.sessions)
    entry.attempt = attempt
    let found = try find(comparable, in: scope, attempt: attempt.number, directives)
    var client = request.client
    // Without a location nothing depends on the prefix, and sessions can share their plans.
    let head = library.entries[found.entry].exchange.head
    client.prefix = head?.headers.value(of: "location") == nil ? "" : target.prefix
    let options = PlanOptions(
      pace: directives.pace ?? .recorded, idleTimeLimit: configuration.idleTimeLimit,
      faults: directives.faults ?? [], seed: directives.seed ?? 0,
      session: directives.session ?? "", ordinal: ordinal, attempt: attempt.number, client: client)
    let plan = try plans.plan(entry: found.entry, options) {
      try planner.plan(library.entries[found.entry].exchange, $0)
    }
    entry.choice = choice(found, options, plan.plan)
    note(found, plan.plan, in: options.session)
    return plan
  }

  /// What all sources together say of how the request is served.
  private func directives(
    of request: DeckRequest, _ target: RequestTarget, noting entry: inout JournalEntry
  ) throws -> Directives {
    var directives = target.directives.over(configuration.directives)
    let fields = request.headers.filter { $0.isNamed(Directives.headerName) }
    if configuration.readsDirectives, !fields.isEmpty {
      entry.header = fields.map(\.value).joined(separator: ";")
      entry.session = directives.session
      directives = try Directives(header: entry.header).over(directives)
    }
    entry.session = directives.session
    return directives
  }

  /// Refuses what is asked for wrongly before the session counts the request.
  private func check(_ directives: Directives) throws {
    guard directives.session != nil || !configuration.requiresSession else {
      throw DeckRefusal(
        status: 400,
        "this deck requires a session, and the request names none: put /~session=NAME in front of "
          + "the path of the base URL, and check that the client keeps it")
    }
    for fault in directives.faults ?? [] { _ = try planner.catalogue.fault(fault) }
  }

  private func find(
    _ request: ComparableRequest, in scope: Matcher.Scope, attempt: Int, _ directives: Directives
  ) throws -> (entry: Int, match: JournalEntry.Match) {
    let faults = directives.faults ?? []
    let answered = planner.catalogue.answeredAttempts(before: attempt, by: faults)
    let session = directives.session ?? ""
    var isUsedUp = false
    switch matcher.match(request, number: attempt - answered, in: scope) {
    case .exact(let entry): return (entry, directives.exchange == nil ? .exact : .directive)
    case .loose(let entry): return (entry, .loose)
    case .looseInOrder(let candidates):
      let key = SessionStore.LooseKey(line: request.line, cassette: directives.cassette)
      // An answer that is generated uses up no recording.
      let isUsed =
        planner.catalogue.answeredAttempts(before: attempt + 1, by: faults) == answered
      let next = try state.sessions.withLock {
        try $0.nextLoose(key, in: session, isUsed: isUsed)
      }
      if next < candidates.count { return (candidates[next], .loose) }
      isUsedUp = true
    case .none: break
    }
    state.sessions.withLock { $0.note(.missed, in: session) }
    throw DeckRefusal(
      status: 404, isMiss: true,
      Miss(library: library, request: request, isUsedUp: isUsedUp).message)
  }

  /// What the journal says of what was chosen.
  private func choice(
    _ found: (entry: Int, match: JournalEntry.Match), _ options: PlanOptions, _ plan: Plan
  ) -> JournalEntry.Choice {
    var pinned = options
    pinned.faults = plan.pinnedFaults
    return JournalEntry.Choice(
      entry: found.entry, match: found.match, pace: options.pace, seed: options.seed,
      faults: plan.firedFaults, notes: plan.notes,
      needsSession: configuration.requiresSession || planner.chanciness(of: pinned) != .none)
  }

  private func note(
    _ found: (entry: Int, match: JournalEntry.Match), _ plan: Plan, in session: String
  ) {
    let isLoose = found.match == .loose
    if isLoose { state.counts.withLock { $0.loose += 1 } }
    // Nobody can ask for the unnamed one.
    guard !session.isEmpty else { return }
    let isGenerated = plan.firedFaults.contains {
      (try? planner.catalogue.fault($0.pinned))?.effect == .answers
    }
    state.sessions.withLock {
      $0.note(
        .found(entry: found.entry, isLoose: isLoose, isPlayed: !isGenerated), in: session)
    }
  }
}
