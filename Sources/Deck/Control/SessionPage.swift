internal import Cassettes
internal import LosslessJSON
internal import Matching
internal import Synchronization

/// `/~/api/sessions/ID`: what a session asked and what it left unplayed, for the end of a test;
/// DELETE forgets it.
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
      guard state.forget(name) else { throw unseen }
      return DeckReply(status: 204)
    }
    guard let session = state.sessions.withLock({ $0.session(name) }) else { throw unseen }
    let library = shelf.library
    let home = Matcher(
      library: library, matchesBody: false, policy: forwards ? .whereNothingMatches : .never,
      session: name, sessionFolder: sessionFolder
    ).home
    let said = SessionEnd(session, state.conduct, library.comparison.rules)
    return .page(of: SessionPieces(name, session, said, library: library, home: home))
  }
}

/// What a session was, as its reader takes it.
private struct SessionPieces: PagePieces {
  /// The lists of the page, and what stands around them.
  private enum Part {
    case front
    case attempts
    case unplayed
    case over
  }

  private let name: String
  private let session: Session
  private let said: SessionEnd
  private let home: Matcher.Scope
  /// What is still to be written: the requests, in the order in which they were first made, and
  /// what the session could have played.
  private var requests: ArraySlice<Session.Request>
  private var entries: Library.EntryIterator
  private var part = Part.front
  private var isFirst = true

  init(
    _ name: String, _ session: Session, _ said: SessionEnd, library: Library, home: Matcher.Scope
  ) {
    self.name = name
    self.session = session
    self.said = said
    self.home = home
    requests = session.attempts.values.sorted { $0.place < $1.place }[...]
    entries = Library.EntryIterator(library)
  }

  mutating func next() -> [UInt8]? {
    var piece: [UInt8] = []
    while piece.count < Self.pieceBytes {
      switch part {
      case .front:
        piece += JSONValue.object([.init("session", .string(name))]).bytes.dropLast()
        begin(.attempts, "attempts", in: &piece)
      case .attempts:
        if let request = requests.popFirst() {
          add(Self.json(request), to: &piece)
        } else {
          piece += "],".utf8
          piece += counts.bytes.dropFirst().dropLast()
          begin(.unplayed, "unplayed", in: &piece)
        }
      case .unplayed:
        if let entry = entries.next() {
          if isUnplayed(entry) { add(Self.json(entry), to: &piece) }
        } else {
          piece += "],".utf8
          piece += said.json.bytes.dropFirst()
          part = .over
        }
      case .over: return piece.isEmpty ? nil : piece
      }
    }
    return piece
  }

  private mutating func begin(_ list: Part, _ key: String, in piece: inout [UInt8]) {
    piece += ",\"\(key)\":[".utf8
    part = list
    isFirst = true
  }

  private mutating func add(_ element: JSONValue, to piece: inout [UInt8]) {
    if !isFirst { piece.append(UInt8(ascii: ",")) }
    element.append(to: &piece)
    isFirst = false
  }

  private static func json(_ request: Session.Request) -> JSONValue {
    .object([
      .init("method", .string(request.line.method)),
      .init("path", .string(request.line.target)),
      .init("attempts", .number(request.attempts)),
    ])
  }

  private static func json(_ entry: Library.Entry) -> JSONValue {
    .object([
      .init("cassette", .string(entry.cassette)), .init("exchange", .number(entry.number)),
    ])
  }

  private var counts: JSONValue {
    let unfired = session.asked.filter { !$0.hasFired }
    return .object([
      .init("refused", .number(session.refusedCount)),
      .init("unfired", .array(unfired.map { .string("\($0.fault)") })),
      .init("miss", .number(session.missCount)),
      // The same by the name that it had before.
      .init("misses", .number(session.missCount)),
      .init("loose", .number(session.looseCount)),
      .init("limited", .number(session.limitedCount)),
    ])
  }

  /// Whether the session could have played an exchange and did not.
  private func isUnplayed(_ entry: Library.Entry) -> Bool {
    (session.isOpen && home.contains(entry) || session.named.contains(entry.cassette))
      && !session.played.contains(entry.id)
  }
}
