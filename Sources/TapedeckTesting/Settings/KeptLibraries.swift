internal import Cassettes
internal import Deck
internal import Matching
internal import Synchronization

/// The cassettes that tests of this process have read: to read one costs more than to play it, and
/// many tests play the same.
final class KeptLibraries: Sendable {
  /// Those of this process.
  static let shared = KeptLibraries()

  private let kept = Mutex<[String: (stamp: CassettePath.Stamp, library: Library)]>([:])

  /// How many are kept, and how large a file is at the most.
  private static let limit = 32
  private static let limitBytes = 4 << 20

  /// The library of a cassette, compared as usual.
  ///
  /// - Throws: Where it cannot be read.
  func library(at path: String) throws(CassetteError) -> Library {
    let stamp = CassettePath.Stamp(of: path)
    if let stamp,
      let library = kept.withLock({ $0[path]?.stamp == stamp ? $0[path]?.library : nil })
    {
      return library
    }
    let library = try Library(paths: [path])
    if let stamp, stamp.sizeBytes <= Self.limitBytes {
      kept.withLock { kept in
        if kept.count >= Self.limit { kept.removeAll() }
        kept[path] = (stamp, library)
      }
    }
    return library
  }
}
