public import Cassettes
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
  }

  /// Works out what a right client must do with this plan, by running one over its bytes.
  ///
  /// - Parameter exchange: The recording that was planned.
  /// - Returns: The outcome, what arrives, and why.
  public func expectation(for exchange: Exchange) -> Expectation {
    let client = ReferenceClient(self, for: exchange)
    let (outcome, why) = client.judgement
    return Expectation(outcome: outcome, text: client.text, message: client.message, why: why)
  }
}
