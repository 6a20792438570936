internal import Planning

/// Finds the exchange that answers a request: a pure function of the library and what a session played.
struct Matcher: Sendable {
  /// What was found.
  enum Match: Hashable, Sendable {
    /// The entry whose request is equal, or that was asked for by number.
    case exact(Int)
    /// The only candidate, whose body differs.
    case loose(Int)
    /// Several candidates, none with an equal body: they are played in order, each once.
    case looseInOrder([Int])
    /// Nothing.
    case none
  }

  let library: Library
  let matchesBody: Bool

  /// What directives leave to choose from.
  enum Scope {
    /// One entry, whatever is asked.
    case entry(Int)
    /// The entries of these places.
    case entries(Range<Int>)
  }

  /// What the directives leave to choose from.
  ///
  /// - Throws: where the cassette or the exchange that was named does not exist.
  func scope(of directives: Directives) throws(DeckRefusal) -> Scope {
    let cassette = try cassette(of: directives)
    if let exchange = directives.exchange { return .entry(try entry(exchange, of: cassette)) }
    return .entries(directives.cassette == nil ? library.entries.indices : cassette ?? 0..<0)
  }

  /// Finds the answer to a request.
  ///
  /// - Parameters:
  ///   - request: what was asked.
  ///   - number: which of the equal candidates is due, from 1; the last one serves any higher number.
  ///   - scope: what there is to choose from.
  /// - Returns: the entry, or the entries that are played in order.
  func match(_ request: ComparableRequest, number: Int, in scope: Scope) -> Match {
    let places: Range<Int>
    switch scope {
    case .entry(let entry): return .exact(entry)
    case .entries(let all): places = all
    }
    let candidates = candidates(for: request.line).filter(places.contains)
    let equal = candidates.filter { library.entries[$0].request.body == request.body }
    if !equal.isEmpty { return .exact(equal[min(max(number, 1), equal.count) - 1]) }
    if matchesBody || candidates.isEmpty { return .none }
    return candidates.count == 1 ? .loose(candidates[0]) : .looseInOrder(candidates)
  }

  /// The entries of a line; a HEAD is answered from what was recorded for a GET. (RFC 9110, 9.3.2)
  private func candidates(for line: RequestLine) -> [Int] {
    let entries = library.entries(for: line)
    guard entries.isEmpty, line.method == "HEAD" else { return entries }
    var get = line
    get.method = "GET"
    return library.entries(for: get)
  }

  private func cassette(of directives: Directives) throws(DeckRefusal) -> Range<Int>? {
    guard let name = directives.cassette else {
      return library.cassettes.count == 1 ? library.cassettes[0].entries : nil
    }
    let named = library.cassettes.filter { $0.name == name }
    guard named.count <= 1 else {
      let paths = named.map { library.entries[$0.entries.lowerBound].path }
      throw DeckRefusal(
        status: 400,
        "cassette '\(name)' is \(paths.joined(separator: " and ")): serve a folder that holds both")
    }
    guard let first = named.first else {
      throw DeckRefusal(
        status: 400,
        "there is no cassette '\(name)': there are "
          + library.cassettes.prefix(20).map(\.name).joined(separator: ", "))
    }
    return first.entries
  }

  private func entry(_ number: Int, of cassette: Range<Int>?) throws(DeckRefusal) -> Int {
    guard let cassette else {
      throw DeckRefusal(
        status: 400, "exchange=\(number) needs cassette=NAME too: several cassettes are served")
    }
    guard number <= cassette.count else {
      throw DeckRefusal(
        status: 400, "there is no exchange \(number): the cassette has \(cassette.count)")
    }
    return cassette.lowerBound + number - 1
  }
}
