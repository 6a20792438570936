package import Planning

/// How a deck behaves like a loaded provider.
package struct ProviderLimits: Hashable, Sendable {
  /// What a client may have.
  package private(set) var limits: [ProviderLimit] = []

  /// When nobody gets anything.
  package private(set) var outages: [Outage] = []

  /// How much slower it is the more it does, or nil where that is nothing.
  package var slowdown: Slowdown?

  /// The most limits and the most outages.
  package static let mostLimits = 32

  /// Creates limits that limit nothing.
  package init() {}

  /// Whether a request meets any of them before it is answered.
  package var isEmpty: Bool { limits.isEmpty && outages.isEmpty }

  /// Whose headers an answer has, where a limit says it.
  package var shape: LimitShape? { limits.lazy.compactMap(\.shape).first }

  /// Adds a limit.
  ///
  /// - Throws: With which one it does not go together, and why.
  package mutating func add(_ limit: ProviderLimit) throws(DirectiveError) {
    guard limits.count < Self.mostLimits else {
      throw DirectiveError("there are more than \(Self.mostLimits) limits")
    }
    if let other = limits.first(where: { $0.contradicts(limit) }) {
      throw DirectiveError("'\(other)' and '\(limit)' limit the same: keep one of them")
    }
    if let shape, let other = limit.shape, shape != other {
      throw DirectiveError(
        "like=\(shape.rawValue) and like=\(other.rawValue) contradict each other: an answer has "
          + "the headers of one API")
    }
    limits.append(limit)
  }

  /// Adds an outage.
  ///
  /// - Throws: With which one it overlaps.
  package mutating func add(_ outage: Outage) throws(DirectiveError) {
    guard outages.count < Self.mostLimits else {
      throw DirectiveError("there are more than \(Self.mostLimits) outages")
    }
    if let other = outages.first(where: { $0.nanoseconds.overlaps(outage.nanoseconds) }) {
      throw DirectiveError("the outages '\(other)' and '\(outage)' overlap: keep them apart")
    }
    outages.append(outage)
  }
}

extension ProviderLimit {
  /// Whether another limits the same of the same clients.
  fileprivate func contradicts(_ other: ProviderLimit) -> Bool {
    guard scope == other.scope else { return false }
    switch (measure, other.measure) {
    case (.quota(let one), .quota(let two)):
      return one.kind == two.kind && one.period == two.period
    case (.concurrency, .concurrency): return true
    case (.quota, .concurrency), (.concurrency, .quota): return false
    }
  }
}
