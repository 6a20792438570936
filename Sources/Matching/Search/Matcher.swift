internal import Cassettes
package import Planning

/// Finds the exchange that answers a request: a pure function of the library and what a session
/// played.
package struct Matcher: Sendable {
  /// What was found.
  package enum Match {
    /// The entry whose request is equal, or that was asked for by number.
    case exact(Library.Entry)
    /// The only candidate, whose body differs.
    case loose(Library.Entry)
    /// Several candidates, none with an equal body: they are played in order, each once.
    case looseInOrder([Library.Entry])
    /// Only failures, which are no fixture: it is to be asked upstream again.
    case unanswered(Unanswered)
    /// Nothing.
    case none
  }

  /// What is known of a request that was recorded and never answered.
  package struct Unanswered {
    /// The failures in whose place comes what is recorded now; the others are kept in front of it.
    package var superseded: [Library.Entry] = []

    /// Whether any of its recordings is of an earlier run.
    package var isOld = false
  }

  package let library: Library

  /// Whether only an equal body matches.
  package let matchesBody: Bool

  /// What of the requests is forwarded.
  package var policy: ForwardingPolicy

  /// The resolved path of the cassette that the session records to, or nil where nothing is
  /// recorded.
  package var target: String?

  /// The session that asks; the unnamed one is "".
  package var session: String

  /// The resolved path of the folder that holds a cassette for each session, or nil where there is
  /// none.
  package var sessionFolder: String?

  /// Creates a matcher; what is left out forwards and records nothing.
  package init(
    library: Library, matchesBody: Bool, policy: ForwardingPolicy = .never, target: String? = nil,
    session: String = "", sessionFolder: String? = nil
  ) {
    self.library = library
    self.matchesBody = matchesBody
    self.policy = policy
    self.target = target
    self.session = session
    self.sessionFolder = sessionFolder
  }

  /// What directives leave to choose from.
  package enum Scope: Sendable {
    /// One entry, whatever is asked.
    case entry(Library.Entry)
    /// The entries of one cassette.
    case cassette(Library.Cassette)
    /// Every entry.
    case all
    /// Nothing.
    case none

    /// Whether an entry is among them.
    package func contains(_ entry: Library.Entry) -> Bool {
      switch self {
      case .entry(let one): one.id == entry.id
      case .cassette(let cassette): cassette.order == entry.rank.cassette
      case .all: true
      case .none: false
      }
    }
  }

  /// What the directives leave to choose from.
  ///
  /// - Throws: where the cassette or the exchange that was named does not exist.
  package func scope(of directives: Directives) throws(MatchingError) -> Scope {
    let cassette = try directives.cassette.map(library.cassette(called:)) ?? own
    if let exchange = directives.exchange { return .entry(try entry(exchange, of: cassette)) }
    return cassette.map(Scope.cassette) ?? home
  }

  /// What a session has to choose from that names no cassette: its own, where there is a folder of
  /// them.
  ///
  /// While it is recorded, others' recordings are not for it.
  package var home: Scope {
    if let own { return .cassette(own) }
    return policy.asksFirst && hasOwn ? .none : .all
  }

  private var hasOwn: Bool { sessionFolder != nil && !session.isEmpty }

  private var own: Library.Cassette? {
    guard let sessionFolder, hasOwn else { return nil }
    let file = SessionCassette.fileName(of: session)
    return library.cassette(resolvedPath: "\(sessionFolder)/\(file)")
  }

  /// Finds the answer to a request.
  ///
  /// - Parameters:
  ///   - request: what was asked.
  ///   - number: which of the equal candidates is due, from 1; the last one serves any higher
  ///     number.
  ///   - scope: what there is to choose from.
  /// - Returns: the entry, or the entries that are played in order.
  package func match(_ request: ComparableRequest, number: Int, in scope: Scope) -> Match {
    if case .entry(let entry) = scope { return .exact(entry) }
    let candidates = candidates(for: request.line, in: scope)
    let equal = candidates.filter { $0.request.isEqual(beyondLine: request) }
    if let found = exact(equal, request.line, number: number, in: scope) { return found }
    if matchesBody { return .none }
    let alike = candidates.filter { $0.request.isAlike(beyondLine: request) }
    guard let first = alike.first else { return .none }
    return alike.count == 1 ? .loose(first) : .looseInOrder(alike)
  }

  /// The entry that answers a request when it is made for the first time, or nil where none does.
  package func first(for request: ComparableRequest, in scope: Scope) -> Library.Entry? {
    switch match(request, number: 1, in: scope) {
    case .exact(let entry), .loose(let entry): entry
    case .looseInOrder(let entries): entries.first
    case .unanswered, .none: nil
    }
  }

  private func exact(
    _ equal: [Library.Entry], _ line: RequestLine, number: Int, in scope: Scope
  ) -> Match? {
    guard !equal.isEmpty else { return nil }
    guard asksAgain(in: scope) else { return Self.due(number, of: equal) }
    let answered = Set(equal.lazy.filter { $0.exchange.isAnswer }.map(\.rank.cassette))
    let counted = equal.filter { entry in
      answered.contains(entry.rank.cassette) || isRecordedNow(entry)
    }
    guard counted.contains(where: \.exchange.isAnswer) else {
      return .unanswered(unanswered(equal, line, number: number))
    }
    if let last = counted.last, number > counted.count, isOwnFailure(last) {
      return .unanswered(Unanswered())
    }
    return Self.due(number, of: counted)
  }

  private static func due(_ number: Int, of entries: [Library.Entry]) -> Match {
    .exact(entries[min(max(number, 1), entries.count) - 1])
  }

  /// The entries of a line; a HEAD is answered from what was recorded for a GET. (RFC 9110, 9.3.2)
  package func candidates(for line: RequestLine, in scope: Scope) -> [Library.Entry] {
    let entries = entries(for: line, in: scope)
    guard line.method == "HEAD", library.entries(for: line).isEmpty else { return entries }
    var get = line
    get.method = "GET"
    return self.entries(for: get, in: scope)
  }

  private func entries(for line: RequestLine, in scope: Scope) -> [Library.Entry] {
    switch scope {
    case .entry(let entry): [entry]
    case .none: []
    case .cassette(let cassette): library.entries(for: line, on: cassette)
    case .all: library.entries(for: line)
    }
  }

  private func entry(
    _ number: Int, of named: Library.Cassette?
  ) throws(MatchingError) -> Library.Entry {
    guard let cassette = named ?? (library.cassettes.count == 1 ? library.cassettes[0] : nil) else {
      throw MatchingError(
        .unknown, "exchange=\(number) needs cassette=NAME too: several cassettes are served")
    }
    guard let entry = cassette.entry(number) else {
      throw MatchingError(
        .unknown, "there is no exchange \(number): the cassette has \(cassette.entries.count)")
    }
    return entry
  }
}
