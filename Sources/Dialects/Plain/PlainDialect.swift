internal import EventStream
internal import LosslessJSON

/// An event stream of which nothing more is known than the grammar, or that is of one of the APIs
/// that have no dialect of their own. (WHATWG HTML, 9.2)
struct PlainDialect: Dialect {
  let name = "plain"

  private let api: PlainAPI?
  private let shape: ErrorShape

  /// Creates the dialect of what nothing is known of.
  init() {
    api = nil
    shape = .anthropic
  }

  /// Creates the dialect of an exchange.
  init(_ evidence: DialectEvidence) {
    api = PlainAPI(evidence)
    shape = ErrorShape(path: evidence.path)
  }

  /// Nothing speaks for it: it is what remains.
  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? { nil }

  func makeState() -> any MessageState { PlainState(api) }

  func name(of event: ServerSentEvent) -> String { event.type }

  func reply(to error: APIError) -> ErrorReply { shape.reply(to: error) }

  /// The event of the API whose words errors have; of those that have no such event, one that any
  /// client takes for an error.
  func errorEvent(type: String, message: String) -> [UInt8] {
    switch shape {
    case .openAI: OpenAIChatDialect().errorEvent(type: type, message: message)
    case .gemini: GeminiDialect().errorEvent(type: type, message: message)
    default: AnthropicDialect().errorEvent(type: type, message: message)
    }
  }

  var ping: [UInt8] { Array(": ping\n\n".utf8) }

  var unknownEvent: [UInt8] { AnthropicDialect().unknownEvent }

  var marksItsEnd: Bool { api != nil }

  /// None is: only the end of the body says so.
  func isTerminal(_ event: ServerSentEvent) -> Bool { false }
}
