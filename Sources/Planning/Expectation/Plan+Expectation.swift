public import Cassettes
package import Dialects
public import LosslessJSON

extension Plan {
  /// What a right client must do on one attempt.
  public struct Expectation: Sendable {
    /// What a client can know, and so has to do.
    public enum Outcome: String, Sendable {
      /// The message is whole and says what was recorded: a client delivers it on this attempt.
      case benign
      /// Transport, grammar or dialect says that it is incomplete or broken: a client retries or
      /// reports, and never takes the part for the whole.
      case breaking
      /// It looks whole and says something else: no client can tell.
      case undetectable
    }

    /// What a client has to do.
    public var outcome: Outcome

    /// The text that arrives on this attempt, as UTF-8.
    public var text: [UInt8]

    /// The message that arrives on this attempt; nil where there is nothing of it.
    public var message: JSONValue?

    /// Why, as one clause.
    public var why: String

    /// Why the model stopped, in the dialect's word, as far as it arrives on this attempt.
    package var stopReason: String?
  }

  /// Works out what a right client must do with this plan, by running one over its bytes.
  ///
  /// - Parameter exchange: The recording that was planned.
  /// - Returns: The outcome, what arrives, and why.
  public func expectation(for exchange: Exchange) -> Expectation {
    expectation(for: exchange, AnswerReading(of: exchange))
  }

  /// Works out what a right client must do with this plan of a recording that was read before.
  package func expectation(for recorded: RecordedAnswer) -> Expectation {
    expectation(for: recorded.exchange, recorded.reading)
  }

  private func expectation(for exchange: Exchange, _ recorded: AnswerReading) -> Expectation {
    let client = ReferenceClient(self, for: exchange, recorded)
    let (outcome, why) = client.judgement
    return Expectation(
      outcome: outcome, text: client.text, message: client.message, why: why,
      stopReason: client.stopReason)
  }
}

/// A recording whose answer has been read, for whoever judges many plans of it.
package struct RecordedAnswer: Sendable {
  /// The recording.
  package let exchange: Exchange

  /// The events of the answer.
  package let events: RecordedEvents

  /// What its answer says.
  let reading: AnswerReading

  /// Reads the answer of a recording.
  package init(_ exchange: Exchange) {
    self.exchange = exchange
    events = RecordedEvents(of: exchange)
    reading = AnswerReading(of: exchange)
  }

  /// The text of the answer, as UTF-8.
  package var text: [UInt8] { reading.accumulator.text }

  /// What the events of the answer mean.
  package var dialect: any Dialect { reading.dialect }
}
