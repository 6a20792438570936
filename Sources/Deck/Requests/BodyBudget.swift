internal import Synchronization

/// What the request bodies of all clients may take up together, from their first byte until they
/// are answered or passed on.
final class BodyBudget: Sendable {
  /// The most bytes.
  let limitBytes: Int

  private let used = Atomic(0)

  init(limitBytes: Int) { self.limitBytes = limitBytes }

  /// How many bytes there are now.
  var usedBytes: Int { used.load(ordering: .relaxed) }

  fileprivate func take(_ bytes: Int) -> Bool {
    // What there is no room for never counts: others would be refused because of it.
    var before = usedBytes
    while bytes <= limitBytes - before {
      let (isTaken, now) = used.weakCompareExchange(
        expected: before, desired: before + bytes, ordering: .relaxed)
      if isTaken { return true }
      before = now
    }
    return false
  }

  fileprivate func give(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}

/// What one body counts for, until the last who has it lets go.
final class BodyShare: Sendable {
  private let budget: BodyBudget
  private let bytes = Atomic(0)

  init(of budget: BodyBudget) { self.budget = budget }

  deinit { budget.give(bytes.load(ordering: .relaxed)) }

  /// Counts more bytes, or returns false where there is no room for them.
  func add(_ count: Int) -> Bool {
    guard budget.take(count) else { return false }
    bytes.add(count, ordering: .relaxed)
    return true
  }
}
