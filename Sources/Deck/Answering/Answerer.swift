internal import Cassettes
internal import Dialects
internal import HTTP
internal import Matching
internal import Planning
internal import Recorder
internal import Redaction
internal import Synchronization
internal import Threads
internal import Units

/// Decides what a request is answered with: everything between a whole request and a plan.
///
/// It is shared by all event loops; what changes is in `state`.
final class Answerer: Sendable {
  /// Who takes a response that comes later.
  typealias Recipient = @Sendable (Response) -> Void

  /// How far the threads that take their time stand back behind the event loops, and how many there
  /// are at the most. (setpriority(2))
  private static let niceness: Int32 = 5
  private static let mostWorkers = 4
  private static let pageWorkers = 2

  let state: DeckState

  /// Whether a client that ends its side of the connection still gets the answer under way.
  let keepsHalfClosed: Bool

  let readsDirectives: Bool
  let access: ClientAccess
  let shelf: Shelf
  private let control: Control
  private let replayer: Replayer

  /// What takes time in proportion to a body or a recording is done here.
  private let workers: WorkerPool
  /// The deck's own pages are put together here: others' bodies must not keep them waiting.
  let pages: WorkerPool
  private let turnstile = Turnstile()

  private let workload: Workload
  private let pageLoad: Workload

  /// What asks upstreams, or nil where the mode forbids it.
  let forwarder: Forwarder?

  /// Creates an answerer.
  ///
  /// - Throws: What the system refused of what forwarding needs.
  init(configuration: DeckConfiguration, shelf: Shelf) throws(RecordingError) {
    let state = DeckState(configuration, rules: shelf.rules)
    self.state = state
    keepsHalfClosed = configuration.keepsHalfClosed
    readsDirectives = configuration.readsDirectives
    access = ClientAccess(configuration)
    workload = Workload(limit: configuration.limits.connections)
    pageLoad = Workload(limit: configuration.limits.connections)
    self.shelf = shelf
    control = Control(configuration: configuration, shelf: shelf, state: state)
    forwarder =
      configuration.forwarding.mode.forwards
      ? try Forwarder(configuration, shelf: shelf, state: state) : nil
    replayer = Replayer(
      configuration: configuration, shelf: shelf, state: state, forwarder: forwarder)
    workers = WorkerPool(
      name: "deck-work", threads: min(Processors.count, Self.mostWorkers),
      niceness: Self.niceness)
    pages = WorkerPool(name: "deck-pages", threads: Self.pageWorkers, niceness: Self.niceness)
  }

  /// Answers a request or has it forwarded; every answer is a plan, the deck's own words too.
  ///
  /// Its number, and with it its turn in its session, is decided before this returns. What takes
  /// time in proportion to something happens on other threads.
  ///
  /// - Parameters:
  ///   - request: what was asked.
  ///   - later: asked for who takes the response, once and from any thread, where there is none
  ///     yet.
  /// - Returns: the response, or nil where it comes later.
  func respond(to request: DeckRequest, later: () -> Recipient) -> Response? {
    var entry = JournalEntry(at: Timestamp.now(), method: request.method)
    do throws(DeckRefusal) {
      try access.check(request, port: state.port)
    } catch {
      return .answer(turnAway(error, request, entry))
    }
    let target: RequestTarget
    do {
      target = try RequestTarget(parsing: request.target, readsDirectives: readsDirectives)
    } catch {
      entry.target = request.target
      entry.session = RequestTarget.session(in: request.target)
      let refusal = DeckRefusal(status: 400, kind: .directive, Self.message(of: error, request))
      return .answer(refuse(refusal, request, entry))
    }
    if target.isControl {
      if control.isBrief(target.target) { return controlAnswer(request, target) }
      guard !pageLoad.isFull else {
        return .answer(Answer(plan: errorPlan(overload, request)))
      }
      let recipient = pageLoad.counted(later())
      pages.submit { [self] in recipient(controlAnswer(request, target)) }
      return nil
    }
    entry.target = target.target
    entry.prefix = target.prefix
    guard !workload.isFull else {
      return .answer(refuse(overload, request, entry))
    }
    let inquiry = Inquiry(
      request: request, target: target, number: state.journal.open(entry), entry: entry)
    if let ticket = ticket(for: inquiry) {
      prepare(inquiry, ticket, for: workload.counted(later()))
      return nil
    }
    switch decide(inquiry) {
    case .response(let response): return response
    case .work(let work):
      let recipient = workload.counted(later())
      workers.submit { work(recipient) }
      return nil
    }
  }

  private var overload: DeckRefusal {
    DeckRefusal(
      status: 503,
      "the deck already works on \(workload.limit) requests: send fewer at a time, or raise "
        + "--max-connections", headers: [HeaderField("retry-after", "1")], mayRetry: true)
  }

  /// Where a request waits that cannot be decided now: what it asks takes long to read, or stands
  /// behind something like that in its session.
  private func ticket(for inquiry: Inquiry) -> Turnstile.Ticket? {
    guard inquiry.isHeavy || turnstile.isBusy else { return nil }
    let line = inquiry.line(
      session: replayer.session(of: inquiry.request, inquiry.target))
    return inquiry.isHeavy || turnstile.isBusy(line) ? turnstile.ticket(in: line) : nil
  }

  /// Decides elsewhere, once everything that came before it is decided.
  private func prepare(
    _ inquiry: Inquiry, _ ticket: Turnstile.Ticket, for recipient: @escaping Recipient
  ) {
    workers.submit { [self] in
      var inquiry = inquiry
      inquiry.request.joinBody()
      let comparable = replayer.comparable(inquiry.request, inquiry.target)
      turnstile.pass(ticket) { [self, inquiry] in
        switch decide(inquiry, comparing: comparable) {
        case .response(let response): recipient(response)
        case .work(let work): workers.submit { work(recipient) }
        }
      }
    }
  }

  /// What was decided on a request.
  private enum Outcome {
    case response(Response)
    /// What gives the response on a thread that may take its time.
    case work(@Sendable (@escaping Recipient) -> Void)
  }

  private func decide(
    _ inquiry: Inquiry, comparing comparable: ComparableRequest? = nil
  ) -> Outcome {
    var inquiry = inquiry
    do {
      if let plan = options(inquiry.request, inquiry.target) {
        return .response(answer(.success(Replay(plan: plan, choice: nil)), inquiry))
      }
      let decision = try replayer.replay(
        inquiry.request, inquiry.target, comparing: comparable, ordinal: inquiry.number,
        noting: &inquiry.entry)
      switch decision {
      case .replay(let replay): return .response(answer(.success(replay), inquiry))
      case .prepare(let prepare):
        return .work { [self, inquiry] recipient in
          prepare { [self] in recipient(answer($0, inquiry)) }
        }
      case .forward(let session, let superseded, let reason):
        var order = try forward(inquiry, in: session)
        (order.superseded, order.reason) = (superseded, reason)
        return .response(.forward(order))
      }
    } catch {
      return .response(answer(.failure(error), inquiry))
    }
  }

  private func answer(_ result: Result<Replay, any Error>, _ inquiry: Inquiry) -> Response {
    var entry = inquiry.entry
    do {
      let replay = try result.get()
      state.counts.withLock { $0.requests += 1 }
      entry.choice = replay.choice
      entry.missDetail = replay.difference
      entry.status = replay.plan.plan.status
      state.journal.update(inquiry.number, to: entry)
      return .answer(
        Answer(
          plan: replay.plan, number: inquiry.number, asker: replay.asker,
          place: entry.conduct?.place, pass: replay.pass))
    } catch {
      var refusal =
        error as? DeckRefusal ?? (error as? MatchingError).map { DeckRefusal($0) }
        ?? DeckRefusal(status: 400, Self.message(of: error, inquiry.request))
      // Nothing else of a request that is whole is wrong in itself.
      if refusal.status == 400, refusal.kind == .other { refusal.kind = .directive }
      return .answer(refuse(refusal, inquiry.request, entry, number: inquiry.number))
    }
  }

  /// What an error says, with the URL that was meant where that can be told.
  private static func message(of error: any Error, _ request: DeckRequest) -> String {
    guard let error = error as? DirectiveError, let host = request.headers.value(of: "host"),
      let target = RequestTarget.corrected(request.target, by: error)
    else { return "\(error)" }
    return "\(error); try http://\(host)\(target)"
  }

  private func forward(
    _ inquiry: Inquiry, in session: String
  ) throws(DeckRefusal) -> ForwardOrder {
    guard let forwarder else {
      throw DeckRefusal(status: 502, "the deck does not forward requests")
    }
    var order = try forwarder.order(inquiry.request, inquiry.target, in: session)
    order.number = inquiry.number
    order.entry = inquiry.entry
    order.entry.upstream = order.request.url
    state.counts.withLock { $0.requests += 1 }
    state.journal.update(inquiry.number, to: order.entry)
    return order
  }

  /// One of the deck's own pages.
  private func controlAnswer(_ request: DeckRequest, _ target: RequestTarget) -> Response {
    do throws(DeckRefusal) {
      let reply = try control.reply(to: request, target: target.target)
      state.counts.withLock { $0.requests += 1 }
      guard let pieces = reply.rest else {
        return .answer(Answer(plan: SharedPlan(reply: reply, to: request.client)))
      }
      return .page(
        PagedAnswer(
          framing: RelayFraming(
            status: reply.status, headers: reply.headers, client: request.client),
          first: reply.body, pieces: pieces))
    } catch {
      return .answer(Answer(plan: errorPlan(error, request)))
    }
  }

  /// The answer to a preflight, and to an OPTIONS request that no exchange was recorded for and
  /// that no upstream can answer.
  private func options(_ request: DeckRequest, _ target: RequestTarget) -> SharedPlan? {
    guard request.method == "OPTIONS", request.isPreflight || forwarder == nil else { return nil }
    let line = RequestLine(
      method: "OPTIONS", target: target.target, comparing: shelf.library.comparison)
    let library = shelf.library
    guard request.isPreflight || library.entries(for: line).isEmpty else { return nil }
    let reply = DeckReply.options(request, methods: library.methods(for: line))
    return SharedPlan(reply: reply, to: request.client)
  }
}
