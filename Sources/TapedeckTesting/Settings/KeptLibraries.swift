internal import Cassettes
internal import Deck
internal import Libc
internal import Matching
internal import Synchronization

/// The cassettes that tests of this process have read: to read one costs more than to play it, and
/// many tests play the same.
final class KeptLibraries: Sendable {
  /// Those of this process.
  static let shared = KeptLibraries()

  /// What tells whether a file is still the one that was read.
  private struct State: Equatable {
    var device: UInt64
    var inode: UInt64
    var bytes: Int64
    var changed: Int64
    var changedNanoseconds: Int64

    init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
      bytes = Int64(status.st_size)
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      changed = Int64(time.tv_sec)
      changedNanoseconds = Int64(time.tv_nsec)
    }
  }

  private let kept = Mutex<[String: (state: State, library: Library)]>([:])

  /// How many are kept, and how large a file is at the most.
  private static let limit = 32
  private static let limitBytes = 4 << 20

  /// The library of a cassette, compared as usual.
  ///
  /// - Throws: Where it cannot be read.
  func library(at path: String) throws(CassetteError) -> Library {
    let state = State(of: path)
    if let state,
      let library = kept.withLock({ $0[path]?.state == state ? $0[path]?.library : nil })
    {
      return library
    }
    let library = try Library(paths: [path])
    if let state, state.bytes <= Self.limitBytes {
      kept.withLock { kept in
        if kept.count >= Self.limit { kept.removeAll() }
        kept[path] = (state, library)
      }
    }
    return library
  }
}
