package import Judging
package import LosslessJSON
internal import Matching
internal import Synchronization
internal import Units

extension RunningDeck {
  /// What the wire saw of a session, and what its client said, or nil where nothing is known of it.
  ///
  /// Who has the last byte of an answer finds its end here. Of a client that leaves in the middle
  /// that is noticed a little later; until then its answer goes on.
  package func observation(ofSession name: String) -> SessionObservation? {
    let now = Instant.now()
    return state.sessions.withLock { $0.observation(of: name, at: now) }
  }

  /// Forgets a session, as `DELETE /~/api/sessions/NAME` does.
  package func forget(session name: String) { _ = state.forget(name) }

  /// What the journal says of a session, oldest first: the entries as its page has them.
  package func journal(ofSession name: String) -> [JSONValue] {
    var numbers = state.journal.numbers(session: name, after: nil, limit: .max)
    var entries: [JSONValue] = []
    while !numbers.isEmpty {
      entries += state.journal.take(&numbers, of: name, atMost: .max)
        .map { $0.entry.json(number: $0.number, by: shelf.rules) }
    }
    return entries
  }
}
