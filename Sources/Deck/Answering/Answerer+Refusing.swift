internal import Cassettes
internal import Dialects
internal import HTTP
internal import Matching
internal import Planning
internal import Redaction
internal import Synchronization

extension Answerer {
  /// Notes that a response came for a client which was gone, so that none of it goes out.
  func abandon(_ response: Response, because ended: JournalEntry.Ended) {
    let number: Int?
    let place: SessionTry.Place?
    switch response {
    case .answer(let answer): (number, place) = (answer.number, answer.place)
    case .forward(let order): (number, place) = (order.number, order.entry.conduct?.place)
    case .page: return
    }
    guard let number else { return }
    let nothing = JournalEntry.Delivery(bytes: 0, events: 0, ended: ended, latenessNanoseconds: 0)
    state.journal.close(number, nothing, insteadOf: nil)
    if let place { state.note(nothing, AnswerHead(), at: place) }
    state.journal.tell(number)
  }

  /// Answers a request that was forwarded in vain.
  func refuse(_ refusal: DeckRefusal, _ order: ForwardOrder) -> Answer {
    refuse(refusal, order.client, order.entry, number: order.number, isCounted: true)
  }

  /// Answers what never became a whole request with an error in the words of the API that was
  /// asked.
  ///
  /// The target may have directives in front, and such as do not parse.
  func refuse(_ refusal: DeckRefusal, target: String, to client: ClientTraits) -> Answer {
    var entry = JournalEntry(at: Timestamp.now())
    entry.target = target.isEmpty ? nil : target
    let request = DeckRequest(method: "", target: target, headers: [], body: [], client: client)
    return refuse(refusal, request, entry)
  }

  /// Answers a client that is none of the deck's own users: nothing of the answer is for a web page
  /// to read, and nothing comes of the request but an entry in the journal.
  func turnAway(
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
    state.warnOnce("answered with 403: \(Redactor.redact(text: refusal.message, by: shelf.rules))")
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

  /// Why a request is refused whatever its body is, or nil: a client that waits to send it is
  /// spared it.
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
  func refuse(
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
      number: number ?? state.journal.open(entry), place: entry.conduct?.place)
  }

  /// Remembers a refusal for the deck's end and the session's page.
  private func note(_ refusal: DeckRefusal, _ entry: JournalEntry) {
    let session = entry.session ?? ""
    switch refusal.kind {
    case .miss:
      state.tally.withLock { $0.note(DeckTally.Told(session: session, message: refusal.message)) }
    case .directive:
      let target = Redactor.redact(target: entry.target ?? "", by: shelf.rules)
      let asked = "\(entry.method ?? "") \(target)"
      state.tally.withLock {
        $0.note(refused: DeckTally.Told(session: session, message: "\(asked): \(refusal.message)"))
      }
      state.sessions.withLock { $0.noteRefused(in: session) }
    case .foreign, .other: break
    }
  }

  func errorPlan(
    _ refusal: DeckRefusal, _ request: DeckRequest, isCounted: Bool = false
  ) -> SharedPlan {
    state.counts.withLock { $0.count(refusal, isCounted: isCounted) }
    var refusal = refusal
    refusal.message = Redactor.redact(text: refusal.message, by: shelf.rules)
    // Whose words the error has says the path behind the directives, be they right or wrong.
    let evidence = DialectEvidence(
      target: RequestTarget.withoutDirectives(request.target),
      headerNames: request.headers.map(\.name))
    let dialect = DialectCatalogue.standard.dialect(for: evidence)
    return SharedPlan(reply: .error(refusal, dialect), to: request.client)
  }
}
