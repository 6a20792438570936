package import Planning

extension Library {
  /// The most cassettes whose names are compared with one that there is not.
  private static let comparedNames = 1000

  /// The cassette that a directive names.
  ///
  /// - Throws: where there is none of that name, with the nearest that there is, or several.
  package func cassette(called name: String) throws(MatchingError) -> Cassette {
    let named = cassettes(named: name)
    guard named.count <= 1 else {
      let paths = named.map(\.path)
      throw MatchingError(
        .unknown,
        "cassette '\(name)' is \(paths.joined(separator: " and ")): serve a folder that holds both")
    }
    guard let first = named.first else {
      let names = cassettes.map(\.name)
      let known = names.count <= Self.comparedNames ? names : Array(names.prefix(20))
      let advice =
        known.isEmpty
        ? ", and no other is served" : Spelling.advice(on: name, among: known, listing: 20)
      throw MatchingError(.unknown, "there is no cassette '\(name)'\(advice)")
    }
    return first
  }

  /// The cassette that a pace draws its times from, or nil where it draws from none.
  ///
  /// - Throws: what `cassette(called:)` throws, naming the pace.
  package func cassette(like pace: Pace?) throws(MatchingError) -> Cassette? {
    guard case .like(let name)? = pace?.kind else { return nil }
    do {
      return try cassette(called: name)
    } catch {
      throw MatchingError(error.reason, "pace like:\(name): \(error.message)")
    }
  }
}
