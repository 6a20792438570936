internal import Cassettes
internal import Dialects
internal import Planning
internal import Synchronization

/// Decides what a request is answered with: everything between a whole request and a plan.
///
/// It is shared by all event loops; what changes stands behind locks that are held for a look-up only.
final class Answerer: Sendable {
  private let configuration: DeckConfiguration
  private let library: Library
  private let matcher: Matcher
  private let planner = Planner()
  private let plans: PlanCache
  private let sessions: Mutex<SessionStore>
  private let counts = Mutex(DeckCounts())

  init(configuration: DeckConfiguration, library: Library) {
    self.configuration = configuration
    self.library = library
    matcher = Matcher(library: library, matchesBody: configuration.matchesBody)
    plans = PlanCache(limitBytes: configuration.limits.cachedPlanBytes)
    sessions = Mutex(SessionStore(limits: configuration.limits))
  }

  /// How many requests there were, and what became of them.
  var report: DeckCounts { counts.withLock { $0 } }

  /// Answers a request; every answer is a plan, the deck's own words too.
  func answer(_ request: DeckRequest) -> SharedPlan {
    do {
      let target = try RequestTarget(
        parsing: request.target, readsDirectives: configuration.readsDirectives)
      let plan = try ownAnswer(request, target) ?? replay(request, target)
      counts.withLock { $0.requests += 1 }
      return plan
    } catch {
      let refusal = error as? DeckRefusal ?? DeckRefusal(status: 400, "\(error)")
      return refuse(
        refusal, target: request.target, headers: request.headers, to: request.client)
    }
  }

  /// Answers with an error in the words of the API that was asked, and counts it.
  ///
  /// The target may have directives in front, and such as do not parse.
  func refuse(
    _ refusal: DeckRefusal, target: String, headers: [HeaderField] = [], to client: ClientTraits
  ) -> SharedPlan {
    counts.withLock { $0.count(refusal) }
    let evidence = DialectEvidence(target: target, headerNames: headers.map(\.name))
    let dialect = DialectCatalogue.standard.dialect(for: evidence)
    return SharedPlan(reply: .error(refusal, dialect), to: client)
  }

  /// Why a request is refused whatever its body is, or nil: a client that waits to send it is spared it.
  func refusal(of target: String) -> DeckRefusal? {
    do {
      _ = try RequestTarget(parsing: target, readsDirectives: configuration.readsDirectives)
      return nil
    } catch {
      return DeckRefusal(status: 400, error.description, closes: true)
    }
  }

  /// The deck's own pages, and what a browser asks before it asks.
  private func ownAnswer(_ request: DeckRequest, _ target: RequestTarget) throws -> SharedPlan? {
    if request.method == "OPTIONS", let reply = options(request, target) {
      return SharedPlan(reply: reply, to: request.client)
    }
    guard target.isControl else { return nil }
    let page = target.target.prefix { $0 != "?" }.dropFirst().drop { $0 != "/" }
    guard page == "/health" else {
      throw DeckRefusal(status: 404, "the deck has no page /~\(page): there is /~/health")
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      throw DeckRefusal(status: 405, "/~/health answers GET")
    }
    return SharedPlan(reply: .health(library: library, report), to: request.client)
  }

  /// The answer to an OPTIONS request that no exchange was recorded for.
  private func options(_ request: DeckRequest, _ target: RequestTarget) -> DeckReply? {
    let line = RequestLine(method: "OPTIONS", target: target.target)
    let isPreflight =
      request.client.origin != nil
      && request.headers.value(of: "access-control-request-method") != nil
    guard isPreflight || library.entries(for: line).isEmpty else { return nil }
    return .options(request, methods: library.methods(for: line.target))
  }

  private func replay(_ request: DeckRequest, _ target: RequestTarget) throws -> SharedPlan {
    let directives = try directives(of: request, target)
    guard directives.session != nil || !configuration.requiresSession else {
      throw DeckRefusal(
        status: 400,
        "this deck requires a session, and the request names none: put /~session=NAME in front of "
          + "the path of the base URL, and check that the client keeps it")
    }
    // Whatever is asked for wrongly is refused before the session counts the request.
    for fault in directives.faults ?? [] { _ = try planner.catalogue.fault(fault) }
    let scope = try matcher.scope(of: directives)
    let comparable = ComparableRequest(
      method: request.method, target: target.target, headers: request.headers, body: request.body,
      ignoring: configuration.ignoredPointers)
    let attempt = try attempt(of: comparable, request, directives)
    let entry = try entry(for: comparable, in: scope, attempt: attempt, directives)
    var client = request.client
    // Without a location nothing depends on the prefix, and sessions can share their plans.
    let head = library.entries[entry].exchange.head
    client.prefix = head?.headers.value(of: "location") == nil ? "" : target.prefix
    return try plan(entry, attempt: attempt, directives, client)
  }

  /// What all sources together say of how the request is served.
  private func directives(
    of request: DeckRequest, _ target: RequestTarget
  ) throws -> Directives {
    let directives = target.directives.over(configuration.directives)
    let header = request.headers.filter { $0.isNamed(Directives.headerName) }
    guard configuration.readsDirectives, !header.isEmpty else { return directives }
    return try Directives(header: header.map(\.value).joined(separator: ";")).over(directives)
  }

  /// Which try of the same request this is: by directive, by the named session's count, by the SDK's
  /// own header, or by the count of the unnamed session.
  private func attempt(
    of comparable: ComparableRequest, _ request: DeckRequest, _ directives: Directives
  ) throws -> Int {
    let counted = try sessions.withLock {
      try $0.count(SessionStore.RequestKey(comparable), in: directives.session ?? "")
    }
    if let attempt = directives.attempt { return attempt }
    guard directives.session == nil,
      let retries = request.headers.value(of: "x-stainless-retry-count"),
      let count = Int(retries), (0..<1_000_000_000).contains(count)
    else { return counted }
    return count + 1
  }

  private func entry(
    for request: ComparableRequest, in scope: Matcher.Scope, attempt: Int, _ directives: Directives
  ) throws -> Int {
    let faults = directives.faults ?? []
    let answered = planner.catalogue.answeredAttempts(before: attempt, by: faults)
    var isUsedUp = false
    switch matcher.match(request, number: attempt - answered, in: scope) {
    case .exact(let entry): return entry
    case .loose(let entry):
      counts.withLock { $0.loose += 1 }
      return entry
    case .looseInOrder(let candidates):
      let key = SessionStore.LooseKey(line: request.line, cassette: directives.cassette)
      let next = try sessions.withLock { try $0.nextLoose(key, in: directives.session ?? "") }
      guard next < candidates.count else {
        isUsedUp = true
        break
      }
      counts.withLock { $0.loose += 1 }
      return candidates[next]
    case .none: break
    }
    throw DeckRefusal(
      status: 404, isMiss: true,
      Miss(library: library, request: request, isUsedUp: isUsedUp).message)
  }

  private func plan(
    _ entry: Int, attempt: Int, _ directives: Directives, _ client: ClientTraits
  ) throws -> SharedPlan {
    let options = PlanOptions(
      pace: directives.pace ?? .recorded, idleTimeLimit: configuration.idleTimeLimit,
      faults: directives.faults ?? [], seed: directives.seed ?? 0,
      session: directives.session ?? "", attempt: attempt, client: client)
    return try plans.plan(entry: entry, options) {
      try planner.plan(library.entries[entry].exchange, $0)
    }
  }
}
