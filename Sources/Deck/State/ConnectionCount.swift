internal import Synchronization

/// How many connections the deck has, on all its loops.
final class ConnectionCount: Sendable {
  private let count = Mutex(0)

  /// Counts one more, or returns false where there are `limit` already.
  func add(upTo limit: Int) -> Bool {
    count.withLock {
      guard $0 < limit else { return false }
      $0 += 1
      return true
    }
  }

  /// How many there are.
  var value: Int { count.withLock { $0 } }

  /// Counts one less.
  func remove() {
    count.withLock { $0 -= 1 }
  }
}
