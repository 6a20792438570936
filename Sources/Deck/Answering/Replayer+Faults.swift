internal import Cassettes
internal import Matching
internal import Planning
internal import Synchronization

extension Replayer {
  /// What sources together say of how a request is served, and what of it the request itself does.
  struct Asked {
    /// What the base URL and the header say.
    var own: Directives

    /// The same over what the deck's options say.
    var all: Directives

    /// The session that asked, "" for the unnamed one.
    var session: String { all.session ?? "" }

    /// Who asked for its faults.
    var asker: AskedFaults.Asker {
      AskedFaults.Asker(session: session, isOwn: own.faults != nil)
    }
  }

  /// Refuses a fault that there is not with what was meant, as the recording at hand takes it.
  func correct(
    _ error: DirectiveError, _ request: ComparableRequest, _ directives: Directives,
    by matcher: Matcher
  ) throws -> Decision {
    guard error.correction != nil, let scope = try? matcher.scope(of: directives),
      let entry = matcher.first(for: request, in: scope)
    else { throw error }
    let faults = directives.faults ?? []
    let fitting = { @Sendable [planner] in
      planner.fitting(error, to: entry.exchange, among: faults)
    }
    if PlanWork.isBrief(entry.exchange, PlanOptions(), catalogue: planner.catalogue) {
      throw fitting()
    }
    return .prepare { done in done(.failure(fitting())) }
  }

  /// Remembers the faults that a request asks for, and why each has not fired by now.
  func note(_ asked: Asked, silence: (FaultSpec) -> AskedFaults.Silence) {
    guard let faults = asked.all.faults, !faults.isEmpty else { return }
    let asker = asked.asker
    state.tally.withLock { tally in
      for fault in faults { tally.asked.note(asker.key(of: fault), silence: silence(fault)) }
    }
    guard asker.isOwn, !asker.session.isEmpty else { return }
    state.sessions.withLock { sessions in
      for fault in faults where fault.name != "chaos" {
        sessions.note(.asked(fault: fault), in: asker.session)
      }
    }
  }
}
