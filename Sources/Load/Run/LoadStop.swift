internal import Synchronization

/// Whether a run is to end at once; what was measured until then is kept.
package final class LoadStop: Sendable {
  private let flag = Atomic(false)

  /// Creates one that lets the run go on.
  package init() {}

  /// Whether the run is to end.
  package var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Has the run end; nobody takes it back.
  package func set() { flag.store(true, ordering: .relaxed) }
}
