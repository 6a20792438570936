internal import Cassettes
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
    counts.withLock { $0.requests += 1 }
    do {
      if let own = try ownAnswer(request) { return own }
      return try replay(request)
    } catch {
      let refusal = error as? DeckRefusal ?? DeckRefusal(status: 400, "\(error)")
      counts.withLock { $0.count(refusal) }
      let shape = ErrorShape(target: request.target)
      return SharedPlan(reply: .error(refusal, shape), to: request.client)
    }
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
  private func ownAnswer(_ request: DeckRequest) throws -> SharedPlan? {
    if request.method == "OPTIONS", let reply = options(request) {
      return SharedPlan(reply: reply, to: request.client)
    }
    let target = try RequestTarget(
      parsing: request.target, readsDirectives: configuration.readsDirectives)
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
  private func options(_ request: DeckRequest) -> DeckReply? {
    let target = try? RequestTarget(
      parsing: request.target, readsDirectives: configuration.readsDirectives)
    let line = RequestLine(method: "OPTIONS", target: target?.target ?? request.target)
    let isPreflight =
      request.client.origin != nil
      && request.headers.value(of: "access-control-request-method") != nil
    guard isPreflight || library.entries(for: line).isEmpty else { return nil }
    return .options(request, methods: library.methods(for: line.target))
  }

  private func replay(_ request: DeckRequest) throws -> SharedPlan {
    let target = try RequestTarget(
      parsing: request.target, readsDirectives: configuration.readsDirectives)
    var directives = target.directives.over(configuration.directives)
    if configuration.readsDirectives {
      let header = request.headers.filter { $0.isNamed(Directives.headerName) }
      if !header.isEmpty {
        let joined = header.map(\.value).joined(separator: ";")
        directives = try Directives(header: joined).over(directives)
      }
    }
    guard directives.session != nil || !configuration.requiresSession else {
      throw DeckRefusal(
        status: 400,
        "this deck requires a session, and the request names none: put /~session=NAME in front of "
          + "the path of the base URL, and check that the client keeps it")
    }
    let comparable = ComparableRequest(
      method: request.method, target: target.target, body: request.body,
      ignoring: configuration.ignoredPointers)
    let attempt = try attempt(of: comparable, request, directives)
    let entry = try entry(for: comparable, attempt: attempt, directives)
    var client = request.client
    client.prefix = target.prefix
    return try plan(entry, attempt: attempt, directives, client)
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
    for request: ComparableRequest, attempt: Int, _ directives: Directives
  ) throws -> Int {
    let faults = directives.faults ?? []
    let answered = planner.catalogue.answeredAttempts(before: attempt, by: faults)
    var isUsedUp = false
    switch try matcher.match(request, number: attempt - answered, directives) {
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
      status: 404, Miss(library: library, request: request, isUsedUp: isUsedUp).message)
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
