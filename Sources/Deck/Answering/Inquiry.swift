internal import Matching
internal import Planning

/// A whole request on its way to an answer, with the number that it got when it came.
struct Inquiry: Sendable {
  var request: DeckRequest
  let target: RequestTarget

  /// Its number in the journal, on which chance depends where no session is named.
  let number: Int

  /// What the journal says of it, filled in as far as it gets.
  var entry: JournalEntry

  /// Whether finding its answer takes more time than an event loop has.
  var isHeavy: Bool { request.bodyBytes + request.target.utf8.count > ComparableRequest.lightBytes }

  /// Where it stands among those that wait for each other, where it belongs to a session of a name
  /// or not.
  func line(session: String) -> Turnstile.Line {
    guard session.isEmpty else { return .session(session) }
    return .requests(
      method: request.method, target: target.target, bodyBytes: request.bodyBytes)
  }
}
