internal import Cassettes
internal import LosslessJSON
internal import Matching
internal import Synchronization

/// `/~/health`: that the deck is there, and what it serves.
struct HealthPage: ControlPage {
  let name = "health"
  let isOpen = true
  let isBrief = true
  let mode: RecordMode
  let shelf: Shelf
  let state: DeckState

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let library = shelf.library
    let counts = state.counts.withLock { $0 }
    let page = JSONValue.object([
      .init("status", .string("ok")),
      .init("version", .string(TapedeckVersion.current)),
      .init("mode", .string(mode.rawValue)),
      .init("cassettes", .number(library.cassettes.count)),
      .init("exchanges", .number(library.entryCount)),
      .init("requests", .number(counts.requests)),
      .init("misses", .number(counts.misses)),
      .init("refused", .number(counts.refused)),
      .init("loose", .number(counts.loose)),
    ])
    return .page(page.bytes)
  }
}
