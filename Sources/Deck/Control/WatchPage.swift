internal import Cassettes
internal import HTTP
internal import Matching
internal import Redaction
internal import Reports
internal import Synchronization

/// `/~/`: the sessions and the last requests, for a person with a browser, who can change nothing;
/// who does not accept HTML is told which pages there are.
struct WatchPage: ControlPage {
  let name = ""
  let rules: RedactionRules
  let shelf: Shelf
  let state: DeckState

  func isFor(_ request: DeckRequest) -> Bool {
    request.headers.value(of: "accept")?.lowercased().contains("text/html") == true
  }

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let counts = state.counts.withLock { $0 }
    let library = shelf.library
    let page = LivePage(
      newest,
      facts: [
        ("requests", "\(counts.requests)"), ("misses", "\(counts.misses)"),
        ("refused", "\(counts.refused)"), ("loose", "\(counts.loose)"),
        ("sessions", "\(state.sessions.withLock { $0.count })"),
        ("exchanges", "\(library.entryCount)"),
      ])
    return .page(type: "text/html; charset=utf-8", page.bytes)
  }

  private var newest: [LiveRequest] {
    var numbers = state.journal.numbers(session: nil, after: nil, limit: LivePage.knownLimit)
    var requests: [LiveRequest] = []
    while !numbers.isEmpty {
      for (number, entry) in state.journal.take(&numbers, of: nil, atMost: .max) {
        requests.append(
          LiveRequest(
            at: entry.at, session: entry.session ?? "",
            entry: entry.json(number: number, by: rules)))
      }
    }
    return requests
  }
}
