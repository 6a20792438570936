internal import Cassettes
internal import Dialects
internal import JSON
internal import Planning

/// `/~/api/exchanges`: what the deck can answer with.
struct ExchangesPage: ControlPage {
  let name = "api/exchanges"
  let shelf: Shelf

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let library = shelf.library
    return .page(
      JSONValue.array(library.entries.map { Self.json($0, library.comparison.rules) }).bytes)
  }

  private static func json(_ entry: Library.Entry, _ rules: RedactionRules) -> JSONValue {
    let exchange = entry.exchange
    // Its events would say more, but cost reading every body.
    let evidence = DialectEvidence(of: exchange, events: [])
    return .object([
      .init("cassette", .string(entry.cassette)),
      .init("number", .number(entry.number)),
      .init("id", .string(exchange.request.id)),
      .init("method", .string(exchange.request.method)),
      .init("path", .string(Redaction.redact(target: exchange.request.target, by: rules))),
      .init("status", exchange.head.map { .number($0.status) } ?? .null),
      .init("dialect", .string(DialectCatalogue.standard.dialect(for: evidence).name)),
      .init("bytes", .number(exchange.body.count)),
    ])
  }
}
