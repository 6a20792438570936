package import Units

/// When the time of a case is up.
///
/// It begins with the client's first request: how long a program takes to start says nothing of
/// how it reads a stream, and on a machine that is busy may take long. One that asks nothing is
/// given up too.
package struct CaseClock: Sendable {
  /// How long a client may take to ask.
  package static let longestStart = Duration.seconds(30)

  /// How often it is looked whether a client has asked.
  private static let rhythm: Int64 = 50_000_000

  private let latest: Instant
  private let limit: Duration
  private let firstRequest: @Sendable () -> Instant?
  private var known: Instant?

  /// Creates a clock that begins now.
  ///
  /// - Parameters:
  ///   - limit: How long the case may take from the first request.
  ///   - firstRequest: When that came, or nil as long as none has.
  package init(limit: Duration, firstRequest: @escaping @Sendable () -> Instant?) {
    self.limit = limit
    self.firstRequest = firstRequest
    latest = .now() + Self.longestStart + limit
  }

  /// Creates a clock of which the end is known.
  package init(until deadline: Instant) {
    limit = .zero
    firstRequest = { nil }
    latest = deadline
    known = deadline
  }

  /// Whether the client has asked.
  var hasBegun: Bool { firstRequest() != nil }

  /// When the time is up, as far as that is known now.
  package mutating func deadline() -> Instant {
    if let known { return known }
    guard let began = firstRequest() else { return latest }
    known = began + limit
    return began + limit
  }

  /// Until when to wait before it is asked again.
  mutating func waiting() -> Instant {
    let deadline = deadline()
    guard known == nil else { return deadline }
    return min(deadline, Instant.now().after(nanoseconds: Self.rhythm))
  }
}
