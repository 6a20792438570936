package import Cassettes

/// When the events of an answer came: what two streams are compared by.
package struct StreamTimes: Hashable, Sendable {
  /// When the first event came, or of what has no events the first bytes; nil where nothing came.
  package var first: Microseconds?

  /// The median of the gaps between events, zero where there are none.
  package var medianGap = Microseconds.zero

  /// The longest gap between events.
  package var longestGap = Microseconds.zero

  /// When it was over.
  package var total = Microseconds.zero

  /// In how many pieces it came.
  package var chunks = 0

  /// Creates the times of an answer.
  ///
  /// - Parameters:
  ///   - arrivals: When its events came, in order; where it has none, its chunks.
  ///   - exchange: The exchange.
  init(arrivals: [Microseconds], of exchange: Exchange) {
    first = arrivals.first
    total = exchange.ending.at
    chunks = exchange.chunks.count
    guard arrivals.count > 1 else { return }
    let gaps = zip(arrivals.dropFirst(), arrivals).map { $0 - $1 }.sorted()
    medianGap = gaps[gaps.count / 2]
    longestGap = gaps[gaps.count - 1]
  }
}
