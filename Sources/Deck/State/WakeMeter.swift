internal import Synchronization

/// How often an event loop woke, and how often for nothing: written there, read anywhere.
///
/// A loop that wakes without need burns a core, and nothing on the wire tells.
final class WakeMeter: Sendable {
  private let wakes = Atomic(0)
  private let spins = Atomic(0)

  /// Notes one wake, and whether anything happened in it.
  func note(isSpin: Bool) {
    wakes.wrappingAdd(1, ordering: .relaxed)
    if isSpin { spins.wrappingAdd(1, ordering: .relaxed) }
  }

  /// What was noted.
  var counts: WakeCounts {
    WakeCounts(wakes: wakes.load(ordering: .relaxed), spins: spins.load(ordering: .relaxed))
  }
}

/// How often event loops woke.
struct WakeCounts: Hashable, Sendable {
  /// How often a loop stopped waiting.
  var wakes = 0

  /// How often there was nothing to do then.
  var spins = 0

  /// The sum of two.
  static func + (one: WakeCounts, other: WakeCounts) -> WakeCounts {
    WakeCounts(wakes: one.wakes &+ other.wakes, spins: one.spins &+ other.spins)
  }

  /// What came since another.
  static func - (one: WakeCounts, other: WakeCounts) -> WakeCounts {
    WakeCounts(wakes: one.wakes &- other.wakes, spins: one.spins &- other.spins)
  }
}
