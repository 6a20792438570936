internal import EventStream
internal import JSON

/// An event stream of which nothing more is known than the grammar. (WHATWG HTML, 9.2)
struct PlainDialect: Dialect {
  let name = "plain"

  /// Nothing speaks for it: it is what remains.
  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? { nil }

  func makeState() -> any MessageState { PlainState() }

  func name(of event: ServerSentEvent) -> String { event.type }

  func reply(to error: APIError) -> ErrorReply { AnthropicDialect().reply(to: error) }

  func errorEvent(type: String, message: String) -> [UInt8] {
    AnthropicDialect().errorEvent(type: type, message: message)
  }

  var ping: [UInt8] { Array(": ping\n\n".utf8) }

  var unknownEvent: [UInt8] { AnthropicDialect().unknownEvent }

  var marksItsEnd: Bool { false }

  /// None is: only the end of the body says so.
  func isTerminal(_ event: ServerSentEvent) -> Bool { false }
}
