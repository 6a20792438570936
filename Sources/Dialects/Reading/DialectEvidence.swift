public import EventStream

/// What of an exchange can tell its dialect: any of it may be missing.
public struct DialectEvidence: Sendable {
  /// The path of the request, without query and directives.
  public var path: String

  /// The query of the request, without its `?`.
  public var query: String

  /// The names of the headers of request and response, in lower case.
  public var headerNames: Set<String>

  /// The first events of the answer; some eight are enough.
  public var firstEvents: [ServerSentEvent]

  /// How many events at the start of an answer are worth a look.
  public static let eventLimit = 8

  /// Creates evidence from a request target, the names of headers, and the first events.
  public init(
    target: String, headerNames: some Sequence<String> = [],
    firstEvents: some Sequence<ServerSentEvent> = []
  ) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first.map(String.init) ?? ""
    query = parts.count > 1 ? String(parts[1]) : ""
    self.headerNames = Set(headerNames.map { $0.lowercased() })
    self.firstEvents = Array(firstEvents.prefix(Self.eventLimit))
  }
}

/// How strongly an exchange speaks for a dialect: what the events say counts more than a path,
/// which a gateway may rewrite, and a path more than a header, which a client sends wherever it
/// goes.
public enum DialectCertainty: Int, Comparable, Sendable {
  case header
  case path
  case events

  /// Whether `a` is weaker than `b`.
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
