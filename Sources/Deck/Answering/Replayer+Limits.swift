internal import Cassettes
internal import Dialects
internal import HTTP
internal import Matching
internal import Planning
internal import Quotas
internal import Synchronization
internal import Units

extension Replayer {
  /// What limits say to a request.
  enum Limited {
    /// It is answered, now or when it is its turn.
    case answered(LimitPass)
    /// It is answered with an error.
    case refused(Replay)
  }

  /// Asks the limits of the provider whether a request is answered, and says in the journal what
  /// they said.
  func ask(
    _ limiter: ProviderLimiter, _ request: DeckRequest, for found: Library.Entry,
    _ attempt: AttemptCount.Found, in session: String, noting entry: inout JournalEntry
  ) -> Limited {
    let facts = limiter.facts(of: found)
    let demand = LimitDemand(
      request, session: session, usage: facts.usage, countsAnswers: limiter.countsAnswers)
    let answer = limiter.ask(demand, facts)
    let isRefused = answer.refusal != nil
    if let place = attempt.counted.place, isRefused || attempt.counted.limited != LimitedTries() {
      state.sessions.withLock { $0.note(limited: isRefused, attempt: attempt.number, at: place) }
    }
    guard let refusal = answer.refusal else {
      entry.limit = LimitNote(nil, answer.standing)
      return .answered(answer.pass)
    }
    state.counts.withLock { $0.limited += 1 }
    let error = limiter.limits.error(for: refusal, answer.pass.fields.shape)
    entry.limit = LimitNote(
      LimitNote.Refusal(
        name: limiter.limits.name(of: refusal), status: error.status,
        wait: error.retryAfter?.wholeNanoseconds, exchange: ExchangeName(found)),
      answer.standing)
    entry.refusal = error.message
    let reply = DeckReply(
      status: error.status, headers: Self.headers(of: error, facts, refusal, answer.pass.fields),
      body: facts.dialect.reply(to: error).body)
    let plan = SharedPlan(reply: reply, to: request.client)
    return .refused(Replay(plan: plan, choice: nil, pass: answer.pass))
  }

  /// The fields of an answer that refuses, but for how its client stands.
  private static func headers(
    of error: APIError, _ facts: LimitFacts, _ refusal: LimitRefusal, _ fields: LimitFields
  ) -> [HeaderField] {
    var headers = facts.dialect.reply(to: error).headers.map { HeaderField($0.name, $0.value) }
    if refusal.isForGood {
      headers.removeAll { $0.isNamed("x-should-retry") }
      headers.append(HeaderField("x-should-retry", "false"))
    }
    // Azure always says both.
    if fields.shape == .azure, let wait = error.retryAfter?.wholeNanoseconds,
      !headers.contains(where: { $0.isNamed("retry-after-ms") })
    {
      headers.append(HeaderField("retry-after-ms", "\(wait / 1_000_000)"))
    }
    return headers
  }
}

extension Exchange {
  /// The exchange without what its answer said of limits when it was recorded.
  var withoutLimitFields: Exchange {
    var exchange = self
    exchange.head?.headers.removeAll { LimitShape.isField($0.name) }
    return exchange
  }
}
