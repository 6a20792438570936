public import EventStream
public import LosslessJSON

/// Puts a message together from the events of a stream, one after another.
///
/// ```
/// events ──▶ take ──▶ state of the dialect ──▶ snapshot
///                └──▶ log: what was wrong, what is unknown
/// ```
///
/// No event is an error: what can be accumulated is kept, and the log says what was wrong at which
/// one.
public struct MessageAccumulator: Sendable {
  /// What was wrong, and what is unknown.
  public private(set) var log = MessageLog()

  private var state: any MessageState

  /// Creates an accumulator that stands before the first event.
  public init(_ dialect: any Dialect) { state = dialect.makeState() }

  /// Takes the next event.
  ///
  /// - Returns: The text that it adds to the message, as UTF-8.
  @discardableResult
  public mutating func take(_ event: ServerSentEvent) -> [UInt8] {
    log.event += 1
    return state.take(event, log: &log)
  }

  /// The message so far, as the provider's own SDK has it; nil while there is nothing of it.
  ///
  /// Where events or deltas came that the dialect does not know, they stand under `unrecognized`.
  public var message: JSONValue? {
    guard !log.unrecognized.isEmpty else { return state.message }
    var message = state.message ?? .object([])
    message.set("unrecognized", to: .array(log.unrecognized))
    return message
  }

  /// What the message says, part by part, in its order; its text is UTF-8, whatever halves of
  /// surrogate pairs came.
  public var content: [MessagePart] {
    state.content.map(\.wellFormed)
  }

  /// Whether the message says what another one does.
  public func saysTheSame(as other: MessageAccumulator) -> Bool {
    state.saysTheSame(as: other.state)
  }

  /// Notes what is odd about the answer as a whole.
  package mutating func notice(_ text: String) { log.notice(text) }

  /// Looks at the message as a whole, behind its last event, and notes what no single event shows.
  public mutating func finish() {
    state.forEachPart { part in
      guard JSONString.wellFormed(part.bytes).loneHalves > 0 else { return }
      log.notice(
        "half of a surrogate pair stands alone in the \(part.kind.noun): it becomes U+FFFD")
    }
  }

  /// The text of the message, choice by choice, as UTF-8.
  public var text: [UInt8] {
    var text: [UInt8] = []
    state.forEachPart { part in
      if part.kind == .text { text += JSONString.wellFormed(part.bytes).text }
    }
    return text
  }

  /// Why the model stopped, in the API's own word; nil while it has not been said.
  public var stopReason: String? { state.stopReason }

  /// What was used, as the API counts it; nil while it has not been said.
  public var usage: JSONValue? { state.usage }

  /// What the stream says went wrong, as `TYPE: MESSAGE`; nil where it reports no error.
  package var reportedError: String? { (state as? any ErrorTelling)?.reportedError }

  /// Whether the message is whole by the dialect's own rule, and why not.
  public var completeness: Completeness { state.completeness }
}
