package import Cassettes

/// One request of a session, by method, path and body, with all its attempts.
package struct ObservedRequest: Hashable, Sendable {
  /// The method and the path: `POST /v1/messages`.
  package var name: String

  /// The attempts, in the order in which they came.
  package var attempts: [Attempt]

  /// Creates a request.
  package init(name: String, attempts: [Attempt]) {
    self.name = name
    self.attempts = attempts
  }
}

/// What the wire saw of a session, and what its client said of the answer.
package struct SessionObservation: Hashable, Sendable {
  /// The requests, in the order in which they were first made.
  package var requests: [ObservedRequest]

  /// What the client said in a request to the deck, or nil where it said nothing.
  package var outcome: Delivered?

  /// How many of its requests matched no exchange.
  package var misses: Int

  /// How many of its requests were refused for their directives.
  package var refused: Int

  /// When it was observed, from the session's first request; nil where that is not known.
  package var at: Microseconds?

  /// All attempts, in the order in which they came.
  package var attempts: [Attempt] {
    let all = requests.flatMap(\.attempts)
    guard requests.count > 1 else { return all }
    return all.enumerated().sorted { ($0.element.asked, $0.offset) < ($1.element.asked, $1.offset) }
      .map(\.element)
  }

  /// Creates what was observed; by default nothing was.
  package init(
    requests: [ObservedRequest] = [], outcome: Delivered? = nil, misses: Int = 0, refused: Int = 0,
    at: Microseconds? = nil
  ) {
    self.requests = requests
    self.outcome = outcome
    self.misses = misses
    self.refused = refused
    self.at = at
  }
}
