internal import Cassettes
internal import Dialects
internal import LosslessJSON
internal import Matching
internal import Planning
internal import Redaction

/// `/~/api/exchanges`: what the deck can answer with.
struct ExchangesPage: ControlPage {
  let name = "api/exchanges"
  let shelf: Shelf

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    .page(of: ExchangePieces(library: shelf.library))
  }

  fileprivate static func json(_ entry: Library.Entry, _ rules: RedactionRules) -> JSONValue {
    let exchange = entry.exchange
    // Its events would say more, but cost reading every body.
    let evidence = DialectEvidence(of: exchange, events: [])
    return .object([
      .init("cassette", .string(entry.cassette)),
      .init("number", .number(entry.number)),
      .init("id", .string(exchange.request.id)),
      .init("method", .string(exchange.request.method)),
      .init("path", .string(Redactor.redact(target: exchange.request.target, by: rules))),
      .init("status", exchange.head.map { .number($0.status) } ?? .null),
      .init("dialect", .string(DialectCatalogue.standard.dialect(for: evidence).name)),
      .init("bytes", .number(exchange.body.count)),
    ])
  }
}

/// The list of exchanges as its reader takes it.
private struct ExchangePieces: PagePieces {
  private let rules: RedactionRules
  private var entries: Library.EntryIterator
  private var isBegun = false
  private var isEnded = false

  init(library: Library) {
    rules = library.comparison.rules
    entries = Library.EntryIterator(library)
  }

  mutating func next() -> [UInt8]? {
    guard !isEnded else { return nil }
    var piece: [UInt8] = []
    while piece.count < Self.pieceBytes {
      guard let entry = entries.next() else {
        piece += isBegun ? "]".utf8 : "[]".utf8
        isEnded = true
        break
      }
      piece += isBegun ? ",".utf8 : "[".utf8
      ExchangesPage.json(entry, rules).append(to: &piece)
      isBegun = true
    }
    return piece
  }
}
