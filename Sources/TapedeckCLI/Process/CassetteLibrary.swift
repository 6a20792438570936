import Cassettes
import Deck
import Matching

/// The recordings that a run plays from a deck of its own.
enum CassetteLibrary {
  /// Reads cassettes, and those that are built in where they are asked for.
  ///
  /// - Throws: where one cannot be read, two have one name, or there is no exchange at all.
  static func read(_ paths: [String], sample: Bool, limits: CassetteLimits) throws -> Library {
    var library = try Library(paths: paths, limits: limits)
    library.notes.forEach(Console.warn)
    if sample { try Sample.add(to: &library) }
    for cassette in library.cassettes where library.cassettes(named: cassette.name).count > 1 {
      throw Failure(
        .usage,
        "two cassettes are called '\(cassette.name)': name a folder that holds both, or rename one")
    }
    guard library.entryCount > 0 else {
      throw Failure(.badData, "\(paths.joined(separator: ", ")): there is no exchange to serve")
    }
    return library
  }
}
