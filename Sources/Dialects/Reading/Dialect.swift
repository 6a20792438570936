public import EventStream

/// What an API's events mean, and the forms in which it speaks of errors.
///
/// A dialect is a value without state, in a folder of its own, and stands in the
/// ``DialectCatalogue``. What it accumulates it keeps in a ``MessageState``.
public protocol Dialect: Sendable {
  /// The name by which users know it, such as `openai-chat`.
  var name: String { get }

  /// How sure it is that an exchange is its own, or nil where nothing speaks for it.
  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty?

  /// A state that stands before the first event of an answer.
  func makeState() -> any MessageState

  /// The name of an event by which a user can point at it: its `event:` line, else what the dialect
  /// calls it, such as `delta`, `finish`, `usage` and `done`.
  func name(of event: ServerSentEvent) -> String

  /// An answer that says what went wrong, as the API would say it.
  func reply(to error: APIError) -> ErrorReply

  /// The event, as bytes with its blank line, by which the API says inside a stream that it failed.
  func errorEvent(type: String, message: String) -> [UInt8]

  /// What the API sends to keep a connection alive, as bytes with its blank line.
  var ping: [UInt8] { get }

  /// An event of a type that nobody knows, as bytes with its blank line.
  var unknownEvent: [UInt8] { get }

  /// Whether an event of the stream says that the message is over; where none does, a message is
  /// whole as soon as its body is.
  var marksItsEnd: Bool { get }

  /// Whether nothing of the message can come after this event.
  func isTerminal(_ event: ServerSentEvent) -> Bool
}

extension Dialect {
  /// Whether an event of the stream says that the message is over.
  public var marksItsEnd: Bool { true }
}
