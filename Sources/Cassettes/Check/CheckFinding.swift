/// One thing that a check has to say about a cassette.
public struct CheckFinding: Hashable, Sendable, CustomStringConvertible {
  /// What it is about.
  public enum Kind: String, CaseIterable, Sendable {
    /// The file is not whole, or breaks a rule of the format.
    case damage
    /// A recording beside the cassette that nobody finished.
    case orphan
    /// An ending that no fixture should have.
    case ending
    /// Something that authenticates and is not redacted.
    case secret
    /// Something about the stream that real clients trip over.
    case grammar
    /// Something about the message that real clients trip over: it is not whole, or breaks a rule
    /// of its dialect.
    case message
    /// A request of which only failures are recorded.
    case unanswered
    /// A recording that is older than it may be, or of no known date.
    case age
    /// A form of requests or answers that the provider has replaced since.
    case shape
  }

  /// What it is about.
  public var kind: Kind

  /// What was found, and where in the exchange.
  public var text: String

  /// The exchange, from 1, or nil where it is about the file.
  public var exchange: Int?

  /// Creates a finding from its parts.
  public init(_ kind: Kind, _ text: String, exchange: Int? = nil) {
    self.kind = kind
    self.text = text
    self.exchange = exchange
  }

  /// Whether the check fails for it: what is odd but recorded as it was is only a notice, and a
  /// failure may be meant.
  public var isFailure: Bool { ![.grammar, .message, .unanswered, .shape].contains(kind) }

  /// One sentence for a terminal, without the path.
  public var description: String {
    exchange.map { "exchange \($0): \(text)" } ?? text
  }
}
