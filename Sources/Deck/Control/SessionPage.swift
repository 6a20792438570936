internal import Cassettes
internal import JSON
internal import Synchronization

/// `/~/api/sessions/ID`: what a session asked and what it left unplayed, for the end of a test; DELETE
/// forgets it.
struct SessionPage: ControlPage {
  let name = "api/sessions/"
  let methods = ["GET", "DELETE"]
  let shelf: Shelf
  let state: DeckState

  /// Whether a request that nothing matches is forwarded.
  let forwards: Bool

  /// The resolved path of the folder of the sessions' own cassettes.
  let sessionFolder: String?

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let name = try ControlQuery.session(argument)
    let unseen = DeckRefusal(status: 404, "there was no request in session '\(name)'")
    if method == "DELETE" {
      guard state.sessions.withLock({ $0.forget(name) }) else { throw unseen }
      return DeckReply(status: 204)
    }
    guard let session = state.sessions.withLock({ $0.session(name) }) else { throw unseen }
    let page = JSONValue.object([
      .init("session", .string(name)),
      .init("attempts", .array(attempts(of: session))),
      .init("refused", .number(session.refusedCount)),
      .init(
        "unfired",
        .array(session.asked.filter { !$0.hasFired }.map { .string("\($0.fault)") })),
      .init("miss", .number(session.missCount)),
      // The same by the name that it had before.
      .init("misses", .number(session.missCount)),
      .init("loose", .number(session.looseCount)),
      .init("unplayed", .array(unplayed(by: name, session))),
      .init("lost", .number(session.lostCount)),
    ])
    return .page(page.bytes)
  }

  /// The requests, in the order in which they were first made.
  private func attempts(of session: Session) -> [JSONValue] {
    session.attempts.values.sorted { $0.place < $1.place }.map { request in
      .object([
        .init("method", .string(request.line.method)),
        .init("path", .string(request.line.target)),
        .init("attempts", .number(request.attempts)),
      ])
    }
  }

  /// The exchanges that the session could have played and did not.
  private func unplayed(by name: String, _ session: Session) -> [JSONValue] {
    let library = shelf.library
    let home = Matcher(
      library: library, matchesBody: false, policy: forwards ? .whereNothingMatches : .never,
      session: name,
      sessionFolder: sessionFolder
    ).home
    return library.entries.filter { entry in
      (session.isOpen && home.contains(entry) || session.named.contains(entry.cassette))
        && !session.played.contains(entry.id)
    }.map { entry in
      .object([
        .init("cassette", .string(entry.cassette)), .init("exchange", .number(entry.number)),
      ])
    }
  }
}
