public import Cassettes
public import Dialects
public import EventStream

/// What a fault can see beside the draft.
public struct FaultScene: Sendable {
  /// The recording, which places are resolved against.
  public let exchange: Exchange

  /// The events of the recording; none where it is no event stream.
  public let events: [ServerSentEvent]

  /// What the events mean.
  public let dialect: any Dialect

  /// The source of chance.
  public let chance: Chance

  /// The source of chance for what happens unasked: where no session is named, each request has its
  /// own.
  public let chaos: Chance

  /// Which try of the same request is planned, from 1.
  public let attempt: Int

  /// Which of its session's requests it is, from 1.
  public let request: Int

  /// What the client's connection speaks.
  public let connection: ConnectionKind

  /// Whether a fault that needs an event must find one.
  let demandsFaults: Bool

  init(_ exchange: Exchange, _ options: PlanOptions) {
    self.exchange = exchange
    attempt = options.attempt
    request = options.request
    connection = options.client.connection
    demandsFaults = options.demandsFaults
    chance = Chance(options, exchange)
    let session = options.session.isEmpty ? "#\(options.ordinal)" : options.session
    chaos = Chance(options, exchange, session: session)
    let index = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end))
    events = exchange.isEventStream ? index.events : []
    let evidence = DialectEvidence(of: exchange, events: events)
    dialect = DialectCatalogue.standard.dialect(for: evidence)
  }
}
