package import Cassettes
package import Dialects
package import EventStream

/// What a fault can see beside the draft.
package struct FaultScene: Sendable {
  /// The recording, which places are resolved against.
  package let exchange: Exchange

  /// The events of the recording; none where it is no event stream.
  package let events: [ServerSentEvent]

  /// What the events mean.
  package let dialect: any Dialect

  /// The source of chance.
  package let chance: Chance

  /// The source of chance for what happens unasked: where no session is named, each request has its
  /// own.
  package let chaos: Chance

  /// Which try of the same request is planned, from 1.
  package let attempt: Int

  /// Which of its session's requests it is, from 1.
  package let request: Int

  /// What the client's connection speaks.
  package let connection: ConnectionKind

  /// Whether a fault that needs an event must find one.
  let demandsFaults: Bool

  /// - Parameters:
  ///   - exchange: The recording.
  ///   - options: What is asked for.
  ///   - read: What its events are, where they have been read before.
  init(_ exchange: Exchange, _ options: PlanOptions, _ read: RecordedEvents? = nil) {
    self.exchange = exchange
    attempt = options.attempt
    request = options.request
    connection = options.client.connection
    demandsFaults = options.demandsFaults
    chance = Chance(options, exchange)
    let session = options.session.isEmpty ? "#\(options.ordinal)" : options.session
    chaos = Chance(options, exchange, session: session)
    let read = read ?? RecordedEvents(of: exchange)
    events = read.events
    dialect = read.dialect
  }
}

/// The events of a recording, read once for all plans of it.
package struct RecordedEvents: Sendable {
  /// The events; none where it is no event stream.
  package let events: [ServerSentEvent]

  /// What they mean.
  package let dialect: any Dialect

  /// Reads the events of a recording.
  init(of exchange: Exchange) {
    let index = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end))
    events = exchange.isEventStream ? index.events : []
    let evidence = DialectEvidence(of: exchange, events: events)
    dialect = DialectCatalogue.standard.dialect(for: evidence)
  }
}
