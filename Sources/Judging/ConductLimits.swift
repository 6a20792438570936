package import Cassettes

/// Where conduct begins to be wrong.
package struct ConductLimits: Hashable, Sendable {
  /// How often a request may be made.
  package var maxAttempts: Int

  /// How much too soon a retry may come, since clocks differ.
  package var slack: Microseconds

  /// How long a client may stay connected to an answer that is over or broken.
  package var leftOpen: Microseconds

  /// Creates limits: 10 attempts, 50 ms, 10 s.
  package init(
    maxAttempts: Int = 10, slack: Microseconds = Microseconds(saturating: 50_000),
    leftOpen: Microseconds = Microseconds(saturating: 10_000_000)
  ) {
    self.maxAttempts = maxAttempts
    self.slack = slack
    self.leftOpen = leftOpen
  }
}
