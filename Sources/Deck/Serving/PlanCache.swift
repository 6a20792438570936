internal import Planning
internal import Synchronization

/// The plans of the requests before, for the next request that is the same.
///
/// A plan that chance made for one request alone is not kept.
///
/// Bounded by the wire bytes that it holds: what would exceed them empties it, which costs a replan of
/// what is still asked for and no bookkeeping on every look-up.
final class PlanCache: Sendable {
  private struct Key: Hashable {
    var entry: Int
    var options: PlanOptions
  }

  private struct State {
    var plans: [Key: SharedPlan] = [:]
    var bytes = 0
  }

  private let state = Mutex(State())
  private let limitBytes: Int
  private let planner: Planner

  /// What a plan costs beside its bytes, actions and events.
  private static let overheadBytes = 512

  init(limitBytes: Int, planner: Planner = Planner()) {
    self.limitBytes = limitBytes
    self.planner = planner
  }

  /// The plan for an entry and options, made now where no request before had the same.
  func plan(
    entry: Int, _ options: PlanOptions, make: (PlanOptions) throws -> Plan
  ) rethrows -> SharedPlan {
    guard let shared = planner.shared(options) else { return SharedPlan(try make(options)) }
    let key = Key(entry: entry, options: shared)
    if let plan = state.withLock({ $0.plans[key] }) { return plan }
    let plan = SharedPlan(try make(options))
    let size = plan.sizeBytes + Self.overheadBytes
    state.withLock {
      if $0.bytes + size > limitBytes { $0 = State() }
      guard size <= limitBytes else { return }
      $0.plans[key] = plan
      $0.bytes += size
    }
    return plan
  }
}
