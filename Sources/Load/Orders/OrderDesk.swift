internal import Loading
internal import Synchronization

/// Where the loops of a run take their orders: each takes the next one when it has none ahead, so
/// that none waits behind another.
final class OrderDesk: Sendable {
  private let source: Mutex<any OrderSource>

  /// The most streams of all loops that are under way at a time; nil for an open loop.
  let places: Int?

  /// Until when orders warm up that do not say when they are due.
  let warmup: Int64

  init(_ source: any OrderSource) {
    self.source = Mutex(source)
    warmup = source.warmup
    places = source.places
  }

  /// The next order, or nil where there are no more.
  func next() -> StreamOrder? { source.withLock { $0.next() } }

  /// The turn that follows another in its conversation; nil where that is over.
  func turn(after order: StreamOrder, endedAt end: Int64) -> StreamOrder? {
    source.withLock { $0.turn(after: order, endedAt: end) }
  }
}
