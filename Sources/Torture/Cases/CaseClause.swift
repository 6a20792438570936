/// What expectations rest on: clauses of standards, and what providers say of their APIs.
enum CaseClause {
  static let interim = "RFC 9110, 15.2"
  static let contentType = "RFC 9110, 8.3"
  static let contentTypeParameters = "RFC 9110, 8.3.1"
  static let contentCoding = "RFC 9110, 8.4.1 and 12.5.3"
  static let unknownFields = "RFC 9110, 5.1"
  static let fatalStatus = "RFC 9110, 15.5"
  static let serverError = "RFC 9110, 15.6"
  static let tooManyRequests = "RFC 6585, 4"
  static let retryAfter = "RFC 9110, 10.2.3"
  static let bodyLength = "RFC 9112, 6.3"
  static let chunks = "RFC 9112, 7.1"
  static let incomplete = "RFC 9112, 8"
  static let timeouts = "RFC 9112, 9.5"
  static let reset = "RFC 9112, 8; RFC 9293, 3.10.7"
  static let grammar = "WHATWG HTML, 9.2.5"
  static let interpretation = "WHATWG HTML, 9.2.6"
  static let keepAlive = "WHATWG HTML, 9.2.7"
  static let utf8 = "RFC 3629, 3; WHATWG HTML, 9.2.6"
  static let json = "RFC 8259, 2"
}

/// What a provider documents of its API, by the name of the page.
struct ProviderPages: Hashable, Sendable {
  /// How a stream goes on, and by what it ends.
  let streaming: String
  /// How a stream says that it failed.
  let streamErrors: String
  /// Which status codes there are, and which are worth another try.
  let errors: String
  /// That types of events may be added.
  let additions: String

  /// The pages of the API that speaks a dialect.
  init(dialect: String) {
    switch dialect {
    case "anthropic":
      streaming = "Anthropic API documentation, Streaming: event flow"
      streamErrors = "Anthropic API documentation, Streaming: error events"
      errors = "Anthropic API documentation, Errors"
      additions = "Anthropic API documentation, Streaming: other events"
    case "openai-chat":
      streaming = "OpenAI API reference, Chat completions: streaming"
      streamErrors = "OpenAI API documentation, Streaming responses"
      errors = "OpenAI API documentation, Error codes"
      additions = "OpenAI API reference, Backwards compatibility"
    case "openai-responses":
      streaming = "OpenAI API reference, Responses: streaming events"
      streamErrors = "OpenAI API reference, Responses: error and response.failed"
      errors = "OpenAI API documentation, Error codes"
      additions = "OpenAI API reference, Backwards compatibility"
    case "gemini":
      streaming = "Gemini API reference, GenerateContentResponse: finishReason"
      streamErrors = "Gemini API documentation, Troubleshooting: error codes"
      errors = "Gemini API documentation, Troubleshooting: error codes"
      additions = "Google AIP-180, Backwards compatibility"
    default:
      streaming = "the API's documentation of its streams"
      streamErrors = "the API's documentation of its errors"
      errors = "the API's documentation of its errors"
      additions = "the API's documentation of its streams"
    }
  }
}
