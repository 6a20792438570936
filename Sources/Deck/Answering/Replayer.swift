internal import Cassettes
internal import HTTP
internal import Matching
internal import Planning
internal import Synchronization

/// An answer from a recording.
struct Replay: Sendable {
  /// What is sent, and when.
  var plan: SharedPlan
  /// What the journal says of the recording, or nil where there is none behind it.
  var choice: JournalEntry.Choice?
  /// In what the request differs from a recording that was matched loosely.
  var difference: MissDetail?
  /// Who asked for the faults of the plan, or nil where it has none.
  var asker: AskedFaults.Asker?
  /// What it holds of the provider's limits, or nil where there are none.
  var pass: LimitPass?
}

/// What is to become of a request.
enum Decision {
  /// It is answered with a recording.
  case replay(Replay)
  /// It is answered, with what is still to be made, or to be found, on a thread that may take its
  /// time.
  case prepare(@Sendable (@escaping @Sendable (Result<Replay, any Error>) -> Void) -> Void)
  /// It is forwarded, for the session of that name; the unnamed one is "". What comes is recorded
  /// in the place of the entries; why it is recorded though others like it have been takes a while
  /// to find out.
  case forward(session: String, insteadOf: [Library.Entry], reason: ForwardOrder.Reason? = nil)
}

/// Finds the exchange that answers a request, and its plan.
final class Replayer: Sendable {
  let configuration: DeckConfiguration
  private let shelf: Shelf
  let state: DeckState
  let planner: Planner
  private let plans: PlanCache
  private let paces = PaceShelf()
  private let forwarder: Forwarder?

  /// The folder of the sessions' own cassettes, resolved once.
  private let sessionFolder: String?

  /// The one cassette that is recorded to, resolved once, or nil where there is none or a folder.
  private let recordedFile: String?

  init(
    configuration: DeckConfiguration, shelf: Shelf, state: DeckState, forwarder: Forwarder?
  ) {
    self.configuration = configuration
    self.forwarder = forwarder
    self.shelf = shelf
    self.state = state
    sessionFolder = configuration.sessionFolder.map(CassettePath.resolved)
    recordedFile =
      if case .file(let path) = configuration.forwarding.target {
        CassettePath.resolved(path)
      } else { nil }
    planner = Planner(wireLimitBytes: configuration.limits.planBytes)
    plans = PlanCache(limitBytes: configuration.limits.cachedPlanBytes, planner: planner)
  }

  /// Answers a request with a recording, where the mode lets it and there is one.
  ///
  /// - Parameters:
  ///   - request: what was asked.
  ///   - target: its target, taken apart.
  ///   - known: the request as it is compared, where that is known already.
  ///   - ordinal: its number, on which chance depends where no session is named.
  ///   - entry: what the journal says of it, filled in as far as the request gets.
  /// - Returns: the plan of the answer, or that the request goes to an upstream.
  /// - Throws: why there is no answer.
  func replay(
    _ request: DeckRequest, _ target: RequestTarget, comparing known: ComparableRequest? = nil,
    ordinal: Int, noting entry: inout JournalEntry
  ) throws -> Decision {
    let asked = try directives(of: request, target, noting: &entry)
    let directives = asked.all
    let session = asked.session
    let policy = forwarder?.policy(for: session) ?? .never
    let matcher = matcher(for: session, policy)
    do { try check(directives) } catch let error as DirectiveError {
      let comparable = known ?? self.comparable(request, target)
      return try correct(error, comparable, directives, by: matcher)
    }
    let scope = try matcher.scope(of: directives)
    let model = try matcher.library.cassette(like: directives.pace)
    let comparable = known ?? self.comparable(request, target)
    let attempt = try AttemptCount(request, directives).attempt(
      of: comparable, at: entry.arrival, in: state.sessions)
    entry.attempt = (attempt.number, attempt.source)
    entry.conduct = Conduct(attempt.counted, of: comparable.line, by: configuration.conduct)
    // Who names an exchange asks for what is recorded, as the journal's `reproduce` does.
    if policy == .always, directives.exchange == nil {
      entry.notes = Self.notes(ofForwarding: directives)
      note(asked) { _ in .forwarded }
      return .forward(session: session, insteadOf: [])
    }
    var found: (entry: Library.Entry, match: JournalEntry.Match)
    let limiter = state.limiter
    let first = try find(
      comparable, in: scope, by: matcher, attempt, directives, usesUp: limiter == nil)
    switch first {
    case .found(let entry, let match): found = (entry, match)
    case .unanswered(let unanswered):
      if unanswered.isOld { state.counts.withLock { $0.askedAgain += 1 } }
      entry.notes = Self.notes(of: unanswered) + Self.notes(ofForwarding: directives)
      note(asked) { _ in .forwarded }
      return .forward(session: session, insteadOf: unanswered.superseded)
    case .none where policy.asksFirst:
      entry.notes = Self.notes(ofForwarding: directives)
      note(asked) { _ in .forwarded }
      return .forward(session: session, insteadOf: []) { [self] in
        reasonToRecord(comparable, in: scope, matcher)
      }
    case .none:
      note(asked) { _ in .missed }
      return try miss(comparable, in: scope, matcher, isUsedUp: false)
    case .usedUp:
      note(asked) { _ in .missed }
      return try miss(comparable, in: scope, matcher, isUsedUp: true)
    }
    var pass: LimitPass?
    if let limiter {
      switch ask(limiter, request, for: found.entry, attempt, in: session, noting: &entry) {
      case .refused(let replay):
        note(asked) { _ in .limited }
        return .replay(replay)
      case .answered(let answered): pass = answered
      }
      if found.match == .loose,
        case .found(let taken, _) = try find(
          comparable, in: scope, by: matcher, attempt, directives, usesUp: true)
      {
        found.entry = taken
      }
    }
    var client = request.client
    // Without a location nothing depends on the prefix, and sessions can share their plans.
    let head = found.entry.exchange.head
    client.prefix = head?.headers.value(of: "location") == nil ? "" : target.prefix
    let options = PlanOptions(
      pace: directives.pace ?? .recorded, idleTimeLimit: configuration.idleTimeLimit,
      faults: directives.faults ?? [], seed: directives.seed ?? 0,
      session: session, ordinal: ordinal, attempt: attempt.number,
      request: attempt.counted.request,
      demandsFaults: asked.own.faults != nil, client: client)
    var finding = Finding(asked, found, comparable, comparing: matcher.library.comparison)
    finding.pass = pass
    return try play(finding, options, like: model)
  }

  /// Gives the plan that answers a request, with the times of another cassette where its pace draws
  /// from one.
  private func play(
    _ finding: Finding, _ options: PlanOptions, like model: Library.Cassette?
  ) throws -> Decision {
    guard let model else { return try play(finding, options) }
    var options = options
    if let samples = paces.known(model) {
      options.samples = samples
      return try play(finding, options)
    }
    return .prepare { [self, options] done in
      do throws(MatchingError) {
        var options = options
        options.samples = try paces.read(model)
        prepare(finding, options, done)
      } catch {
        done(.failure(error))
      }
    }
  }

  /// Gives the plan that answers a request, where it is there or soon made.
  private func play(_ finding: Finding, _ options: PlanOptions) throws -> Decision {
    let entry = finding.entry
    let isBrief = PlanWork.isBrief(entry.exchange, options, catalogue: planner.catalogue)
    if finding.isBrief,
      let plan = try plans.plan(entry: entry.id, options, isBrief: isBrief, make: maker(of: entry))
    {
      return .replay(replay(of: finding, plan, options))
    }
    return .prepare { [self] done in prepare(finding, options, done) }
  }

  /// Makes the plan that answers a request on this thread, which may take its time.
  private func prepare(
    _ finding: Finding, _ options: PlanOptions,
    _ done: @escaping @Sendable (Result<Replay, any Error>) -> Void
  ) {
    let entry = finding.entry
    plans.prepare(entry: entry.id, options, make: maker(of: entry)) { [self] plan in
      done(plan.map { replay(of: finding, $0, options) })
    }
  }

  /// What makes the plans of an exchange; where answers say how their clients stand with limits,
  /// what was recorded of that is left out.
  private func maker(of entry: Library.Entry) -> PlanCache.Make {
    let replacesFields = state.limiter?.replacesFields ?? false
    return { [planner] options in
      try planner.plan(
        replacesFields ? entry.exchange.withoutLimitFields : entry.exchange, options)
    }
  }

  private func replay(
    of finding: Finding, _ plan: SharedPlan, _ options: PlanOptions
  ) -> Replay {
    let fired = plan.plan.firedFaults
    note(finding, plan.plan, in: options.session)
    note(finding.asked) { fault in
      if fired.contains(where: { $0.asked == fault }) { return .unreached }
      guard fault.attempts.contains(options.attempt) else { return .attempt(options.attempt) }
      return fault.requests.contains(options.request) ? .placeless : .request(options.request)
    }
    return Replay(
      plan: plan, choice: choice(finding, options, plan.plan), difference: finding.difference,
      asker: fired.isEmpty ? nil : finding.asked.asker, pass: finding.pass)
  }

  /// A request in the form in which it is compared.
  func comparable(_ request: DeckRequest, _ target: RequestTarget) -> ComparableRequest {
    ComparableRequest(
      method: request.method, target: target.target, headers: request.headers, body: request.body,
      comparing: shelf.library.comparison)
  }

  /// The session of a request, "" for the unnamed one and where its directives do not parse.
  func session(of request: DeckRequest, _ target: RequestTarget) -> String {
    var entry = JournalEntry(at: 0)
    return (try? directives(of: request, target, noting: &entry))?.session ?? ""
  }

  /// Why a request that was recorded is forwarded all the same.
  private static func notes(of unanswered: Matcher.Unanswered) -> [String] {
    guard unanswered.isOld else { return [] }
    return ["no recording of an earlier run holds an answer: the request is asked again"]
  }

  /// What of the directives does nothing to an answer that comes from upstream.
  private static func notes(ofForwarding directives: Directives) -> [String] {
    var notes = (directives.faults ?? []).map {
      "fault \($0) did not fire: the answer came from upstream"
    }
    if let pace = directives.pace, pace != .recorded {
      notes.append("pace \(pace) had no effect: the answer came from upstream")
    }
    return notes
  }

  /// What finds the exchange among those that are served now.
  private func matcher(for session: String, _ policy: ForwardingPolicy) -> Matcher {
    Matcher(
      library: shelf.library,
      matchesBody: configuration.matchesBody || configuration.forwarding.mode.impliesBody,
      policy: policy, target: policy.asksAgain ? recordTarget(of: session) : nil,
      session: session, sessionFolder: sessionFolder)
  }

  /// The resolved path of the cassette that a session records to.
  private func recordTarget(of session: String) -> String? {
    guard let sessionFolder else { return recordedFile }
    let name = session.isEmpty ? RecordTarget.unnamed : SessionCassette.name(of: session)
    return "\(sessionFolder)/\(name).tape"
  }

  /// What all sources together say of how the request is served.
  private func directives(
    of request: DeckRequest, _ target: RequestTarget, noting entry: inout JournalEntry
  ) throws -> Asked {
    var own = target.directives
    let fields = request.headers.filter { $0.isNamed(Directives.headerName) }
    if configuration.readsDirectives, !fields.isEmpty {
      entry.header = fields.map(\.utf8Value).joined(separator: ";")
      entry.session = own.session ?? configuration.directives.session
      own = try Directives(header: entry.header).over(own)
    }
    let all = own.over(configuration.directives)
    entry.session = all.session
    return Asked(own: own, all: all)
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

  /// What the journal says of what was chosen.
  private func choice(
    _ found: Finding, _ options: PlanOptions, _ plan: Plan
  ) -> JournalEntry.Choice {
    var pinned = options
    pinned.faults = plan.pinnedFaults
    return JournalEntry.Choice(
      exchange: ExchangeName(found.entry), match: found.match, pace: options.pace,
      seed: options.seed,
      faults: plan.firedFaults, notes: plan.notes,
      needsSession: configuration.requiresSession || planner.chanciness(of: pinned) != .none)
  }

  private func note(_ found: Finding, _ plan: Plan, in session: String) {
    let isLoose = found.match == .loose
    if isLoose { state.counts.withLock { $0.loose += 1 } }
    let isGenerated = plan.firedFaults.contains {
      (try? planner.catalogue.fault($0.pinned))?.effect == .answers
    }
    let loose =
      isLoose
      ? DeckTally.Loose(
        line: found.line, session: session, exchange: ExchangeName(found.entry)) : nil
    state.tally.withLock { $0.note(found.entry.id, isPlayed: !isGenerated, loose: loose) }
    // Nobody can ask for the unnamed one.
    guard !session.isEmpty else { return }
    state.sessions.withLock {
      $0.note(
        .found(entry: found.entry.id, isLoose: isLoose, isPlayed: !isGenerated), in: session)
    }
  }
}
