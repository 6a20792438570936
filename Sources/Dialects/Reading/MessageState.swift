public import EventStream
public import LosslessJSON

/// What a dialect knows of a message after some of its events.
///
/// It is a value: a copy stays what it was. Taking all events of a stream needs time linear in its
/// bytes, however they are cut into deltas.
public protocol MessageState: Sendable {
  /// Takes the next event.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - log: Where it says what was wrong with the event, and keeps what it does not know.
  /// - Returns: The text that the event adds to the message, as UTF-8; empty for most kinds of
  ///   events.
  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8]

  /// The message so far, as the provider's own SDK has it; nil while there is nothing of it.
  var message: JSONValue? { get }

  /// What the message says, part by part, in its order.
  var content: [MessagePart] { get }

  /// Passes over what `content` has, without holding all of it.
  func forEachPart(_ body: (MessagePart) -> Void)

  /// Whether it says what another one does, the halves of surrogate pairs aside.
  func saysTheSame(as other: any MessageState) -> Bool

  /// Why the model stopped, in the API's own word; nil while it has not been said.
  var stopReason: String? { get }

  /// What was used, as the API counts it; nil while it has not been said.
  var usage: JSONValue? { get }

  /// Whether the message is whole by the dialect's own rule.
  var completeness: Completeness { get }
}

extension MessageState {
  /// Passes over what `content` has.
  public func forEachPart(_ body: (MessagePart) -> Void) { content.forEach(body) }

  /// Whether it says what another one does, part by part.
  public func saysTheSame(as other: any MessageState) -> Bool { hasSameContent(as: other) }

  func hasSameContent(as other: any MessageState) -> Bool {
    content.map(\.wellFormed) == other.content.map(\.wellFormed)
  }
}
