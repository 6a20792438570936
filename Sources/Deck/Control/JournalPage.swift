internal import Cassettes
internal import JSON

/// `/~/api/journal`: what happened to the requests before, oldest first.
///
/// `session=NAME` leaves the entries of one session, `after=ID` those behind one, and `limit=N` the first
/// N behind `after`, or without it the newest N.
struct JournalPage: ControlPage {
  let name = "api/journal"
  let rules: RedactionRules
  let state: DeckState

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let entries = state.journal.entries(
      session: try query.session(), after: try query.number("after"),
      limit: try query.number("limit") ?? .max)
    var page = Array("[".utf8)
    for (index, (number, entry)) in entries.enumerated() {
      page += index == 0 ? "\n".utf8 : ",\n".utf8
      entry.json(number: number, by: rules).append(to: &page)
    }
    page += "\n]\n".utf8
    return .page(page)
  }
}
