internal import Cassettes
internal import Planning
internal import Synchronization

/// The plans of the requests before, for the next request that is the same.
///
/// A plan that chance made for one request alone is not kept.
///
/// Bounded by the wire bytes that it holds: what would exceed them empties it, which costs a replan
/// of what is still asked for and no bookkeeping on every look-up.
final class PlanCache: Sendable {
  /// Makes a plan.
  typealias Make = @Sendable (PlanOptions) throws -> Plan

  /// Takes a plan, or why there is none.
  typealias Recipient = @Sendable (Result<SharedPlan, any Error>) -> Void

  private struct Key: Hashable {
    var entry: Int
    var options: PlanOptions
  }

  private struct State {
    var plans: [Key: SharedPlan] = [:]
    var bytes = 0
    /// Who waits for the plans that are being made.
    var waiting: [Key: [Recipient]] = [:]

    mutating func keep(_ plan: SharedPlan, for key: Key, limitBytes: Int) {
      let size = plan.sizeBytes + PlanCache.overheadBytes
      if bytes + size > limitBytes {
        plans = [:]
        bytes = 0
      }
      guard size <= limitBytes, plans.updateValue(plan, forKey: key) == nil else { return }
      bytes += size
    }
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
  ///
  /// - Parameters:
  ///   - entry: the entry's identity.
  ///   - options: what the plan depends on beside it.
  ///   - isBrief: whether it is made at once; else `prepare` makes it.
  ///   - make: makes it.
  /// - Returns: the plan, or nil where there is none yet.
  /// - Throws: what making it throws.
  func plan(
    entry: Int, _ options: PlanOptions, isBrief: Bool = true, make: Make
  ) throws -> SharedPlan? {
    guard let shared = planner.shared(options) else {
      return isBrief ? SharedPlan(try make(options)) : nil
    }
    let key = Key(entry: entry, options: shared)
    if let plan = state.withLock({ $0.plans[key] }) { return plan }
    guard isBrief else { return nil }
    let plan = SharedPlan(try make(options))
    state.withLock { $0.keep(plan, for: key, limitBytes: limitBytes) }
    return plan
  }

  /// Makes a plan on this thread, unless another thread is about to make the same: then that gives
  /// it to the recipient too.
  func prepare(
    entry: Int, _ options: PlanOptions, make: Make, for recipient: @escaping Recipient
  ) {
    guard let shared = planner.shared(options) else {
      return recipient(Result { SharedPlan(try make(options)) })
    }
    let key = Key(entry: entry, options: shared)
    let (plan, isOther) = state.withLock { state -> (SharedPlan?, Bool) in
      if let plan = state.plans[key] { return (plan, false) }
      guard state.waiting[key] != nil else {
        state.waiting[key] = []
        return (nil, false)
      }
      state.waiting[key]?.append(recipient)
      return (nil, true)
    }
    if isOther { return }
    if let plan { return recipient(.success(plan)) }
    let result = Result { SharedPlan(try make(options)) }
    let waiting = state.withLock { state in
      if case .success(let plan) = result { state.keep(plan, for: key, limitBytes: limitBytes) }
      return state.waiting.removeValue(forKey: key) ?? []
    }
    for other in [recipient] + waiting { other(result) }
  }
}

/// How much work a plan is to make.
enum PlanWork {
  /// Up to about so many bytes and chunks a plan is made on the event loop: that takes some
  /// hundreds of microseconds, once for all requests that share it.
  private static let briefBytes = 8 << 10
  private static let chunkBytes = 64

  /// Whether it takes less time than an event loop has.
  static func isBrief(
    _ exchange: Exchange, _ options: PlanOptions, catalogue: FaultCatalogue
  ) -> Bool {
    guard exchange.body.count + exchange.chunks.count * chunkBytes <= briefBytes else {
      return false
    }
    return options.faults.allSatisfy { spec in
      ((try? catalogue.fault(spec))?.addedBytes ?? 0) <= briefBytes
    }
  }
}
