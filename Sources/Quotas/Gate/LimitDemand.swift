/// A request as limits see it.
package struct LimitDemand: Sendable {
  /// The hash of the key that it authenticates with, or nil where it has none.
  package var key: UInt64?
  /// The hash of the session that it names, or nil where it names none.
  package var session: UInt64?
  /// How many tokens its prompt has.
  package var input: Int64
  /// How many tokens its answer may have.
  package var output: Int64

  /// Creates a demand of its parts.
  package init(key: UInt64?, session: UInt64?, input: Int64 = 0, output: Int64 = 0) {
    self.key = key
    self.session = session
    self.input = input
    self.output = output
  }

  /// The key by which a limit tells it from others.
  func key(for scope: ProviderLimit.Scope?) -> UInt64 {
    switch scope {
    case .all: 0
    case .key: key ?? 0
    case .session: session ?? 0
    // A session and a key are hashed apart, so they can share a table.
    case nil: key ?? session ?? 0
    }
  }

  /// How much of a kind it is charged; nobody can hold back more of an answer than a full bucket.
  func count(of quota: Quota) -> Int64 {
    switch quota.kind {
    case .requests: 1
    case .inputTokens: max(0, input)
    case .outputTokens: min(max(0, output), quota.amount)
    }
  }
}

/// What limits say to a request.
package enum LimitVerdict: Sendable {
  /// It is answered now.
  case admitted(LimitTicket)
  /// It waits for its turn.
  case waiting(LimitTicket)
  /// It is answered with an error.
  case refused(LimitRefusal)
}

/// Why limits refuse a request.
package struct LimitRefusal: Hashable, Sendable {
  /// What refused it.
  package enum Cause: Hashable, Sendable {
    /// The quota of that number among the limits has too little left.
    case quota(Int, needs: Int64, left: Int64)
    /// The line of that number has no place, and no room to wait.
    case line(Int)
    /// The outage of that number lasts.
    case outage(Int)
  }

  /// What refused it.
  package var cause: Cause
  /// In how many nanoseconds it may come again, or nil where nobody knows.
  package var wait: Int64?
  /// Whether it can never be admitted.
  package var isForGood: Bool

  /// Creates a refusal of its parts.
  package init(cause: Cause, wait: Int64? = nil, isForGood: Bool = false) {
    self.cause = cause
    self.wait = wait
    self.isForGood = isForGood
  }
}
