internal import Cassettes
internal import LosslessJSON
internal import Redaction

/// `/~/api/journal`: what happened to the requests before, oldest first.
///
/// `session=NAME` leaves the entries of one session, `after=ID` those behind one, and `limit=N` the
/// first N behind `after`, or without it the newest N.
struct JournalPage: ControlPage {
  let name = "api/journal"
  let rules: RedactionRules
  let state: DeckState

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let session = try query.session()
    let after = try query.number("after")
    let limit = try query.number("limit") ?? .max
    let numbers = state.journal.numbers(session: session, after: after, limit: limit)
    return .page(
      of: JournalPieces(
        journal: state.journal, rules: rules, session: session, numbers: numbers, left: limit))
  }
}

/// The journal as its reader takes it: what was forgotten meanwhile is not on it.
private struct JournalPieces: PagePieces {
  let journal: Journal
  let rules: RedactionRules
  let session: String?
  /// What is still to be looked at, and how many entries may still come.
  var numbers: Range<Int>
  var left: Int
  private var isBegun = false
  private var isEnded = false

  init(
    journal: Journal, rules: RedactionRules, session: String?, numbers: Range<Int>, left: Int
  ) {
    self.journal = journal
    self.rules = rules
    self.session = session
    self.numbers = numbers
    self.left = left
  }

  mutating func next() -> [UInt8]? {
    guard !isEnded else { return nil }
    var piece: [UInt8] = []
    while piece.count < Self.pieceBytes, left > 0, !numbers.isEmpty {
      for (number, entry) in journal.take(&numbers, of: session, atMost: left) {
        piece += isBegun ? ",\n".utf8 : "[\n".utf8
        entry.json(number: number, by: rules).append(to: &piece)
        isBegun = true
        left -= 1
      }
    }
    if left <= 0 || numbers.isEmpty {
      isEnded = true
      piece += isBegun ? "\n]\n".utf8 : "[\n]\n".utf8
    }
    return piece
  }
}
