internal import EventStream
internal import JSON

/// The streams of Gemini's `streamGenerateContent` with `alt=sse`.
struct GeminiDialect: Dialect {
  let name = "gemini"

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.path.hasSuffix(":streamGenerateContent") { return .path }
    return nil
  }

  func makeState() -> any MessageState { PlainState() }

  func name(of event: ServerSentEvent) -> String { event.type }

  /// None is: the end of a Gemini stream is the end of the body.
  func isTerminal(_ event: ServerSentEvent) -> Bool { false }

  func reply(to error: APIError) -> ErrorReply {
    let word = error.type ?? Self.word(for: error.status)
    return ErrorReply(
      status: error.status, headers: RetryHeaders.headers(for: error.retryAfter),
      body: Self.error(code: error.status, error.message, word))
  }

  func errorEvent(type: String, message: String) -> [UInt8] {
    EventText.event(nil, Self.error(code: 500, message, type))
  }

  var ping: [UInt8] { EventText.commentPing }

  var unknownEvent: [UInt8] {
    EventText.event(nil, .object([.init("type", .string("tapedeck_unknown"))]))
  }

  private static func error(code: Int, _ message: String, _ word: String) -> JSONValue {
    .object([
      .init(
        "error",
        .object([
          .init("code", .number(code)), .init("message", .string(message)),
          .init("status", .string(word)),
        ]))
    ])
  }

  private static func word(for status: Int) -> String {
    switch status {
    case 400: "INVALID_ARGUMENT"
    case 401: "UNAUTHENTICATED"
    case 403: "PERMISSION_DENIED"
    case 404: "NOT_FOUND"
    case 429: "RESOURCE_EXHAUSTED"
    case 503: "UNAVAILABLE"
    default: "INTERNAL"
    }
  }
}
