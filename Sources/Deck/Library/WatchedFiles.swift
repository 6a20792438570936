internal import Cassettes

/// Which of the watched files are to be read anew: a pure function of what is seen at each look.
///
/// A file that changes is left alone until two looks in a row see the same, since it may still be
/// written; so is one that is gone, since it may be about to be replaced.
struct WatchedFiles: Sendable {
  /// What is seen of a file: its stamp, or nil where it is gone.
  typealias Sight = CassettePath.Stamp?

  /// What is to be done about a file.
  enum Action: Hashable, Sendable {
    case read(CassettePath.File)
    case remove(CassettePath.File)
  }

  private struct Watched {
    var file: CassettePath.File
    /// What was seen when it was last read, well or in vain; nil where it must be read all the
    /// same.
    var settled: Sight?
    /// What was seen at the last look.
    var last: Sight
  }

  /// The files by path.
  private var watched: [String: Watched] = [:]

  /// Begins with files that are served as they are.
  init(_ seen: [(file: CassettePath.File, stamp: CassettePath.Stamp)]) {
    for (file, stamp) in seen {
      watched[file.path] = Watched(file: file, settled: .some(stamp), last: stamp)
    }
  }

  /// Takes in what is there now.
  ///
  /// - Parameter seen: every file that is there, with its stamp.
  /// - Returns: what is to be done, by path.
  mutating func look(
    _ seen: [(file: CassettePath.File, stamp: CassettePath.Stamp)]
  ) -> [Action] {
    var now: [String: CassettePath.Stamp] = [:]
    for (file, stamp) in seen {
      now[file.path] = stamp
      if watched[file.path] == nil {
        watched[file.path] = Watched(file: file, settled: .some(nil), last: nil)
      }
    }
    var actions: [Action] = []
    for path in watched.keys.sorted() {
      if let action = look(at: path, now[path]) { actions.append(action) }
    }
    return actions
  }

  private mutating func look(at path: String, _ sight: Sight) -> Action? {
    guard var file = watched[path] else { return nil }
    let isStable = file.last == sight
    file.last = sight
    let isDue = isStable && file.settled != .some(sight)
    if isDue { file.settled = .some(sight) }
    // What is gone, and is known to be, is forgotten.
    watched[path] = isStable && sight == nil ? nil : file
    guard isDue else { return nil }
    return sight == nil ? .remove(file.file) : .read(file.file)
  }

  /// Says that a file changed while it was read: it will be read again.
  mutating func unsettle(_ path: String) {
    watched[path]?.settled = nil
    watched[path]?.last = nil
  }
}
