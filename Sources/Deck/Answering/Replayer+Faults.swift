internal import Cassettes
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
  }

  /// Remembers which of the faults that a request asks for fire, and why others do not.
  func note(_ asked: Asked, fired: [FiredFault], otherwise: (FaultSpec) -> AskedFaults.Silence) {
    guard let faults = asked.all.faults, !faults.isEmpty else { return }
    let isOwn = asked.own.faults != nil
    let key = isOwn ? asked.session : nil
    let notes = faults.map { fault in
      (fault, fired.contains { $0.asked == fault } ? nil : otherwise(fault))
    }
    state.tally.withLock { tally in
      for (fault, silence) in notes {
        tally.asked.note(AskedFaults.Key(session: key, fault: fault), silence: silence)
      }
    }
    guard isOwn, !asked.session.isEmpty else { return }
    state.sessions.withLock { sessions in
      for (fault, silence) in notes where fault.name != "chaos" {
        sessions.note(.asked(fault: fault, fires: silence == nil), in: asked.session)
      }
    }
  }
}
