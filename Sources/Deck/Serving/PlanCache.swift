internal import NIOCore
internal import Planning
internal import Synchronization

/// The plans of the requests before, for the next request that is the same.
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

  /// A plan's bytes and actions cost about this much more than its wire.
  private static let overheadBytes = 512

  init(limitBytes: Int) {
    self.limitBytes = limitBytes
  }

  /// The plan for an entry and options, made now where it was not made before.
  func plan(
    entry: Int, _ options: PlanOptions, make: (PlanOptions) throws -> Plan
  ) rethrows -> SharedPlan {
    let key = Key(entry: entry, options: Self.normalized(options))
    if let plan = state.withLock({ $0.plans[key] }) { return plan }
    let plan = SharedPlan(try make(key.options))
    let size = plan.wire.readableBytes + plan.plan.actions.count * 48 + Self.overheadBytes
    state.withLock {
      if $0.bytes + size > limitBytes { $0 = State() }
      guard size <= limitBytes else { return }
      $0.plans[key] = plan
      $0.bytes += size
    }
    return plan
  }

  /// The options without what the plan cannot depend on, so that sessions share what they can.
  private static func normalized(_ options: PlanOptions) -> PlanOptions {
    guard options.faults.isEmpty, options.pace.jitter == nil else { return options }
    var shared = options
    shared.session = ""
    shared.attempt = 1
    shared.seed = 0
    return shared
  }
}
