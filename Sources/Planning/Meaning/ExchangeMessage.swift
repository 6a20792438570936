public import Cassettes
public import Dialects
public import EventStream

/// What a recorded answer says: its dialect, its events, and the message they add up to.
public struct ExchangeMessage: Sendable {
  /// What the events mean.
  public var dialect: any Dialect

  /// The events that the WHATWG rules dispatch of the body; none where it is no event stream.
  public var events: [ServerSentEvent]

  /// The message, as it stands behind the last event.
  public var accumulator: MessageAccumulator

  private let otherwiseIncomplete: String?

  /// Reads the answer of an exchange.
  public init(of exchange: Exchange, catalogue: DialectCatalogue = .standard) {
    let index = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end))
    self.init(of: exchange, events: index.events, catalogue: catalogue)
  }

  /// Reads the answer of an exchange whose events are known.
  public init(
    of exchange: Exchange, events: [ServerSentEvent], catalogue: DialectCatalogue = .standard
  ) {
    self.events = exchange.isEventStream ? events : []
    dialect = catalogue.dialect(for: DialectEvidence(of: exchange, events: self.events))
    accumulator = MessageAccumulator(dialect)
    for event in self.events { accumulator.take(event) }
    otherwiseIncomplete = Self.flaw(of: exchange, dialect)
  }

  /// Whether the message is whole, and why not.
  public var completeness: Completeness {
    if let otherwiseIncomplete { return .incomplete(otherwiseIncomplete) }
    return accumulator.completeness
  }

  /// What keeps an answer from being a whole message whatever its events say.
  private static func flaw(of exchange: Exchange, _ dialect: any Dialect) -> String? {
    guard let head = exchange.head else { return "there is no answer" }
    guard (200..<300).contains(head.status) else { return "the answer has status \(head.status)" }
    guard exchange.isEventStream else { return "the answer is no event stream" }
    if let coding = exchange.undecodedCoding {
      return "the body is in the content coding \(coding), kept as it came"
    }
    guard !dialect.marksItsEnd, exchange.ending.how != .complete else { return nil }
    return "the body ended as \(exchange.ending.how.rawValue)"
  }
}

extension DialectEvidence {
  /// What of a recorded exchange tells its dialect.
  public init(of exchange: Exchange, events: some Sequence<ServerSentEvent>) {
    self.init(
      target: exchange.request.target,
      headerNames: exchange.request.headers.map(\.name)
        + (exchange.head?.headers.map(\.name) ?? []),
      firstEvents: events)
  }
}
