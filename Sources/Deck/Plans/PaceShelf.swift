internal import Matching
internal import Planning
internal import Synchronization

/// The times of cassettes that paces draw from, each read once for all requests.
///
/// Bounded by how many times it holds: what would exceed them empties it.
final class PaceShelf: Sendable {
  /// A cassette as it is now: an entry that comes or changes has an identity above all before.
  private struct Key: Hashable {
    var cassette: Int
    var entries: Int
    var newest: Int

    init(_ cassette: Library.Cassette) {
      self.cassette = cassette.order
      entries = cassette.entries.count
      newest = cassette.entries.reduce(-1) { max($0, $1.id) }
    }
  }

  private struct State {
    var samples: [Key: Pace.Samples] = [:]
    var count = 0
  }

  private let state = Mutex(State())

  /// How many times are held in all.
  private static let limit = 16 * Pace.Samples.limit

  /// The times of a cassette, or nil where they are not read yet.
  func known(_ cassette: Library.Cassette) -> Pace.Samples? {
    let key = Key(cassette)
    return state.withLock { $0.samples[key] }
  }

  /// Reads the times of a cassette, which takes time in proportion to it.
  ///
  /// - Throws: where it has none.
  func read(_ cassette: Library.Cassette) throws(MatchingError) -> Pace.Samples {
    guard let samples = Pace.Samples(of: cassette.entries.lazy.map(\.exchange)) else {
      throw MatchingError(.unknown, Self.refusal(cassette.name))
    }
    let size = samples.firsts.count + samples.gaps.count
    state.withLock { state in
      if state.count + size > Self.limit { state = State() }
      if state.samples.updateValue(samples, forKey: Key(cassette)) == nil { state.count += size }
    }
    return samples
  }

  /// What to say where a cassette has no times.
  private static func refusal(_ name: String) -> String {
    "pace like:\(name): the cassette has no whole event stream of two events or more: name one "
      + "that has"
  }
}
