internal import Cassettes
internal import Dialects
internal import Planning
internal import Synchronization

/// Decides what a request is answered with: everything between a whole request and a plan.
///
/// It is shared by all event loops; what changes is in `state`.
final class Answerer: Sendable {
  let state: DeckState
  private let readsDirectives: Bool
  private let rules: RedactionRules
  private let library: Library
  private let control: Control
  private let replayer: Replayer

  init(configuration: DeckConfiguration, library: Library) {
    state = DeckState(limits: configuration.limits)
    readsDirectives = configuration.readsDirectives
    rules = configuration.redaction
    self.library = library
    control = Control(configuration: configuration, library: library, state: state)
    replayer = Replayer(configuration: configuration, library: library, state: state)
  }

  /// Answers a request; every answer is a plan, the deck's own words too.
  func answer(_ request: DeckRequest) -> Answer {
    var entry = JournalEntry(at: Timestamp.now(), method: request.method)
    let target: RequestTarget
    do {
      target = try RequestTarget(parsing: request.target, readsDirectives: readsDirectives)
    } catch {
      entry.target = request.target
      return refuse(DeckRefusal(status: 400, error.description), request, entry)
    }
    if target.isControl { return controlAnswer(request, target) }
    entry.target = target.target
    entry.prefix = target.prefix
    let number = state.journal.open(entry)
    do {
      let plan =
        try options(request, target)
        ?? replayer.replay(request, target, ordinal: number, noting: &entry)
      state.counts.withLock { $0.requests += 1 }
      entry.status = plan.plan.status
      state.journal.update(number, to: entry)
      return Answer(plan: plan, number: number)
    } catch {
      let refusal = error as? DeckRefusal ?? DeckRefusal(status: 400, "\(error)")
      return refuse(refusal, request, entry, number: number)
    }
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

  /// Why a request is refused whatever its body is, or nil: a client that waits to send it is spared it.
  func refusal(of target: String) -> DeckRefusal? {
    do {
      _ = try RequestTarget(parsing: target, readsDirectives: readsDirectives)
      return nil
    } catch {
      return DeckRefusal(status: 400, error.description, closes: true)
    }
  }

  /// Answers with an error, counts it, and says it in the journal.
  private func refuse(
    _ refusal: DeckRefusal, _ request: DeckRequest, _ entry: JournalEntry, number: Int? = nil
  ) -> Answer {
    var entry = entry
    entry.status = refusal.status
    entry.refusal = refusal.message
    if let number { state.journal.update(number, to: entry) }
    return Answer(
      plan: errorPlan(refusal, request), number: number ?? state.journal.open(entry))
  }

  private func errorPlan(_ refusal: DeckRefusal, _ request: DeckRequest) -> SharedPlan {
    state.counts.withLock { $0.count(refusal) }
    var refusal = refusal
    refusal.message = Redaction.redact(text: refusal.message, by: rules)
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

  /// The answer to an OPTIONS request that no exchange was recorded for.
  private func options(_ request: DeckRequest, _ target: RequestTarget) -> SharedPlan? {
    guard request.method == "OPTIONS" else { return nil }
    let line = RequestLine(method: "OPTIONS", target: target.target, rules: library.rules)
    guard request.isPreflight || library.entries(for: line).isEmpty else { return nil }
    let reply = DeckReply.options(request, methods: library.methods(for: line.target))
    return SharedPlan(reply: reply, to: request.client)
  }
}
