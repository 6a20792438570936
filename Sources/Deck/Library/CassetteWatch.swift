package import Cassettes
internal import Threads

/// Keeps a shelf as the files are: what changed on disk is read anew while the deck serves.
///
/// The files are looked at in turns, which works on every system and every file system.
package struct CassetteWatch: Sendable {
  private let paths: [String]
  private let limits: CassetteLimits
  private let atFirst: WatchedFiles

  /// Notes how files are now, before they are read for the first time.
  ///
  /// - Parameters:
  ///   - paths: cassettes, and folders of them.
  ///   - limits: what a reader takes from one of them.
  package init(paths: [String], limits: CassetteLimits = .init()) {
    self.paths = paths
    self.limits = limits
    atFirst = WatchedFiles(Self.seen(at: paths))
  }

  /// Watches until the task is cancelled.
  ///
  /// A cassette that cannot be read stays on the shelf as it was.
  ///
  /// - Parameters:
  ///   - shelf: what holds the files as they were when the watch was made.
  ///   - interval: the time between two looks.
  ///   - onWarning: told, once for each change, why a cassette cannot be read.
  package func run(
    _ shelf: Shelf, every interval: Duration = .milliseconds(250),
    onWarning: @escaping @Sendable (String) -> Void
  ) async {
    var files = atFirst
    while (try? await Task.sleep(for: interval)) != nil {
      let before = files
      // What reads files and parses them blocks, so it has a thread that may.
      let after = await SystemThread.run {
        var files = before
        look(&files, shelf, onWarning)
        return files
      }
      if let after { files = after }
    }
  }

  /// Looks once, and does what is due.
  private func look(
    _ files: inout WatchedFiles, _ shelf: Shelf, _ onWarning: (String) -> Void
  ) {
    // Taken first: what this deck adds from now on is not in what is seen.
    let mark = shelf.mark
    for action in files.look(Self.seen(at: paths)) {
      switch action {
      case .remove(let file): shelf.remove(cassette: file.path, goneSince: mark)
      case .read(let file):
        let stamp = CassettePath.Stamp(of: file.path)
        let read = Result { try CassetteReader.readAll(path: file.path, limits: limits) }
        guard stamp == CassettePath.Stamp(of: file.path) else {
          files.unsettle(file.path)
          continue
        }
        switch read {
        case .success(let exchanges):
          shelf.replace(
            cassette: file.path, named: file.name, with: exchanges, readSince: mark)
        case .failure(let error):
          onWarning("\(error): the deck keeps serving what this cassette had before")
        }
      }
    }
  }

  /// The files that are there, each once, with their stamps; a path that is missing has none.
  private static func seen(
    at paths: [String]
  ) -> [(file: CassettePath.File, stamp: CassettePath.Stamp)] {
    var identities: Set<CassettePath.Identity> = []
    return paths.flatMap { (try? CassettePath.files(at: $0)) ?? [] }.compactMap { file in
      guard let identity = CassettePath.Identity(of: file.path),
        identities.insert(identity).inserted, let stamp = CassettePath.Stamp(of: file.path)
      else { return nil }
      return (file, stamp)
    }
  }
}
