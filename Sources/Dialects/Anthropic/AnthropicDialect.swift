internal import EventStream
internal import JSON

/// The streams of Anthropic's Messages API: `POST /v1/messages`.
struct AnthropicDialect: Dialect {
  let name = "anthropic"

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.firstEvents.contains(where: { $0.type == "message_start" }) { return .events }
    if evidence.path.hasSuffix("/messages") { return .path }
    return evidence.headerNames.contains("anthropic-version") ? .header : nil
  }

  func makeState() -> any MessageState { PlainState() }

  func name(of event: ServerSentEvent) -> String { event.type }

  func isTerminal(_ event: ServerSentEvent) -> Bool {
    event.type == "message_stop" || event.type == "error"
  }

  func reply(to error: APIError) -> ErrorReply {
    let body = JSONValue.object([
      .init("type", .string("error")),
      .init("error", Self.detail(error.type ?? Self.type(of: error.status), error.message)),
      .init("request_id", .string(ErrorReply.requestID)),
    ])
    var headers = [ErrorReply.Header("request-id", ErrorReply.requestID)]
    headers += RetryHeaders.headers(for: error.retryAfter)
    return ErrorReply(status: error.status, headers: headers, body: body)
  }

  func errorEvent(type: String, message: String) -> [UInt8] {
    EventText.event(
      "error",
      .object([.init("type", .string("error")), .init("error", Self.detail(type, message))]))
  }

  var ping: [UInt8] { Array("event: ping\ndata: {\"type\": \"ping\"}\n\n".utf8) }

  var unknownEvent: [UInt8] {
    EventText.event("tapedeck_unknown", .object([.init("type", .string("tapedeck_unknown"))]))
  }

  private static func detail(_ type: String, _ message: String) -> JSONValue {
    .object([.init("type", .string(type)), .init("message", .string(message))])
  }

  private static func type(of status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 504: "timeout_error"
    case 529: "overloaded_error"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }
}
