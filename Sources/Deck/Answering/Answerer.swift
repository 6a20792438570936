internal import Cassettes
internal import Dialects
internal import Planning
internal import Recorder
internal import Synchronization

/// Decides what a request is answered with: everything between a whole request and a plan.
///
/// It is shared by all event loops; what changes is in `state`.
final class Answerer: Sendable {
  let state: DeckState

  /// Whether a client that ends its side of the connection still gets the answer under way.
  let keepsHalfClosed: Bool

  private let readsDirectives: Bool
  private let access: ClientAccess
  private let shelf: Shelf
  private let control: Control
  private let replayer: Replayer

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
    self.shelf = shelf
    control = Control(configuration: configuration, shelf: shelf, state: state)
    forwarder =
      configuration.forwarding.mode.forwards
      ? try Forwarder(configuration, shelf: shelf, state: state) : nil
    replayer = Replayer(
      configuration: configuration, shelf: shelf, state: state, forwarder: forwarder)
  }

  /// Answers a request or has it forwarded; every answer is a plan, the deck's own words too.
  func respond(to request: DeckRequest) -> Response {
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
    if target.isControl { return .answer(controlAnswer(request, target)) }
    entry.target = target.target
    entry.prefix = target.prefix
    let number = state.journal.open(entry)
    do {
      let decision =
        try options(request, target).map(Decision.replay)
        ?? replayer.replay(request, target, ordinal: number, noting: &entry)
      switch decision {
      case .replay(let plan):
        state.counts.withLock { $0.requests += 1 }
        entry.status = plan.plan.status
        state.journal.update(number, to: entry)
        return .answer(Answer(plan: plan, number: number))
      case .forward(let session, let superseded, let reason):
        var order = try forward(request, target, in: session, entry, number: number)
        (order.superseded, order.reason) = (superseded, reason)
        return .forward(order)
      }
    } catch {
      var refusal =
        error as? DeckRefusal ?? DeckRefusal(status: 400, Self.message(of: error, request))
      // Nothing else of a request that is whole is wrong in itself.
      if refusal.status == 400, refusal.kind == .other { refusal.kind = .directive }
      return .answer(refuse(refusal, request, entry, number: number))
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
    _ request: DeckRequest, _ target: RequestTarget, in session: String, _ entry: JournalEntry,
    number: Int
  ) throws(DeckRefusal) -> ForwardOrder {
    guard let forwarder else { throw DeckRefusal(status: 502, "the deck forwards nothing") }
    var order = try forwarder.order(request, target, in: session)
    order.number = number
    order.entry = entry
    order.entry.upstream = order.request.url
    state.counts.withLock { $0.requests += 1 }
    state.counts.withLock { $0.forwarded += 1 }
    state.journal.update(number, to: order.entry)
    return order
  }

  /// Answers a request that was forwarded in vain.
  func refuse(_ refusal: DeckRefusal, _ order: ForwardOrder) -> Answer {
    refuse(refusal, order.client, order.entry, number: order.number, isCounted: true)
  }

  /// Answers what never became a whole request with an error in the words of the API that was asked.
  ///
  /// The target may have directives in front, and such as do not parse.
  func refuse(_ refusal: DeckRefusal, target: String, to client: ClientTraits) -> Answer {
    var entry = JournalEntry(at: Timestamp.now())
    entry.target = target.isEmpty ? nil : target
    let request = DeckRequest(method: "", target: target, headers: [], body: [], client: client)
    return refuse(refusal, request, entry)
  }

  /// Answers a client that is none of the deck's own users: nothing of the answer is for a web page to
  /// read, and nothing comes of the request but an entry in the journal.
  private func turnAway(
    _ refusal: DeckRefusal, _ request: DeckRequest, _ entry: JournalEntry
  ) -> Answer {
    var request = request
    request.client.origin = nil
    var entry = entry
    entry.target = request.target
    if let target = try? RequestTarget(parsing: request.target, readsDirectives: readsDirectives) {
      entry.target = target.target
      entry.prefix = target.prefix
    }
    state.warnOnce("answered with 403: \(Redaction.redact(text: refusal.message, by: shelf.rules))")
    guard !request.isForControl else { return Answer(plan: errorPlan(refusal, request)) }
    return refuse(refusal, request, entry)
  }

  /// Notes that a client spoke another protocol, which gets no answer in words that it would not
  /// understand; returns the entry's number in the journal.
  func refuse(_ spoken: ForeignProtocol) -> Int {
    let message = spoken.message(port: state.port)
    var entry = JournalEntry(at: Timestamp.now())
    entry.refusal = message
    state.counts.withLock { $0.count(DeckRefusal(status: 400, message), isCounted: false) }
    state.warnOnce(message)
    return state.journal.open(entry)
  }

  /// Why a request is refused whatever its body is, or nil: a client that waits to send it is spared it.
  func refusal(ofHead request: DeckRequest) -> Answer? {
    do throws(DeckRefusal) {
      try access.check(request, port: state.port)
    } catch {
      var refusal = error
      refusal.closes = true
      return turnAway(refusal, request, JournalEntry(at: Timestamp.now(), method: request.method))
    }
    do {
      _ = try RequestTarget(parsing: request.target, readsDirectives: readsDirectives)
      return nil
    } catch {
      var entry = JournalEntry(at: Timestamp.now(), method: request.method)
      entry.target = request.target
      entry.session = RequestTarget.session(in: request.target)
      return refuse(
        DeckRefusal(status: 400, kind: .directive, error.description, closes: true), request, entry)
    }
  }

  /// Answers with an error, counts it, and says it in the journal.
  private func refuse(
    _ refusal: DeckRefusal, _ request: DeckRequest, _ entry: JournalEntry, number: Int? = nil,
    isCounted: Bool = false
  ) -> Answer {
    var entry = entry
    entry.status = refusal.status
    entry.refusal = refusal.message
    entry.missDetail = refusal.missDetail
    note(refusal, entry)
    if let number { state.journal.update(number, to: entry) }
    return Answer(
      plan: errorPlan(refusal, request, isCounted: isCounted),
      number: number ?? state.journal.open(entry))
  }

  /// Remembers a refusal for the deck's end and the session's page.
  private func note(_ refusal: DeckRefusal, _ entry: JournalEntry) {
    let session = entry.session ?? ""
    switch refusal.kind {
    case .miss:
      state.tally.withLock { $0.note(DeckTally.Told(session: session, message: refusal.message)) }
    case .directive:
      let target = Redaction.redact(target: entry.target ?? "", by: shelf.rules)
      let asked = "\(entry.method ?? "") \(target)"
      state.tally.withLock {
        $0.note(refused: DeckTally.Told(session: session, message: "\(asked): \(refusal.message)"))
      }
      state.sessions.withLock { $0.noteRefused(in: session) }
    case .foreign, .other: break
    }
  }

  private func errorPlan(
    _ refusal: DeckRefusal, _ request: DeckRequest, isCounted: Bool = false
  ) -> SharedPlan {
    state.counts.withLock { $0.count(refusal, isCounted: isCounted) }
    var refusal = refusal
    refusal.message = Redaction.redact(text: refusal.message, by: shelf.rules)
    let evidence = DialectEvidence(
      target: request.target, headerNames: request.headers.map(\.name))
    let dialect = DialectCatalogue.standard.dialect(for: evidence)
    return SharedPlan(reply: .error(refusal, dialect), to: request.client)
  }

  /// One of the deck's own pages.
  private func controlAnswer(_ request: DeckRequest, _ target: RequestTarget) -> Answer {
    do throws(DeckRefusal) {
      let reply = try control.reply(to: request, target: target.target)
      state.counts.withLock { $0.requests += 1 }
      return Answer(plan: SharedPlan(reply: reply, to: request.client))
    } catch {
      return Answer(plan: errorPlan(error, request))
    }
  }

  /// The answer to a preflight, and to an OPTIONS request that no exchange was recorded for and that no
  /// upstream can answer.
  private func options(_ request: DeckRequest, _ target: RequestTarget) -> SharedPlan? {
    guard request.method == "OPTIONS", request.isPreflight || forwarder == nil else { return nil }
    let line = RequestLine(
      method: "OPTIONS", target: target.target, comparing: shelf.library.comparison)
    let library = shelf.library
    guard request.isPreflight || library.entries(for: line).isEmpty else { return nil }
    let reply = DeckReply.options(request, methods: library.methods(for: line.target))
    return SharedPlan(reply: reply, to: request.client)
  }
}
