public import Cassettes
public import Dialects
public import EventStream
internal import HTTP

/// What a recorded answer says: its dialect, and the message that its events add up to.
package struct ExchangeMessage: Sendable {
  /// What the events mean.
  package var dialect: any Dialect

  /// The message, as it stands behind the last event.
  package var accumulator: MessageAccumulator

  /// Whether the message is whole, and why not.
  package let completeness: Completeness

  /// Whether the status of the answer says that there is no message.
  let isErrorAnswer: Bool

  /// Reads the answer of an exchange.
  package init(of exchange: Exchange, catalogue: DialectCatalogue = .standard) {
    let reading = AnswerReading(of: exchange, catalogue: catalogue)
    dialect = reading.dialect
    accumulator = reading.accumulator
    completeness = reading.completeness
    isErrorAnswer = exchange.head.map { !(200..<300).contains($0.status) } ?? true
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
