internal import LosslessJSON

/// How OpenAI's APIs say what went wrong.
enum OpenAIErrors {
  /// The answer to a failed request.
  static func reply(to error: APIError) -> ErrorReply {
    let type = error.type ?? Self.type(of: error.status)
    let code: JSONValue = error.status == 429 ? .string(type) : .null
    let body = JSONValue.object([
      .init("error", detail(type: type, message: error.message, code: code))
    ])
    let headers: [ErrorReply.Header] = [
      .init("openai-version", "2020-10-01"), .init("x-request-id", ErrorReply.requestID),
    ]
    return ErrorReply(
      status: error.status,
      headers: headers + Self.headers(for: error.rateLimit)
        + RetryHeaders.headers(for: error.retryAfter),
      body: body)
  }

  /// The object that says what went wrong, in an answer or in a chunk of a stream.
  static func detail(type: String, message: String, code: JSONValue) -> JSONValue {
    .object([
      .init("message", .string(message)), .init("type", .string(type)),
      .init("param", .null), .init("code", code),
    ])
  }

  private static func headers(for limit: RateLimit?) -> [ErrorReply.Header] {
    guard let limit else { return [] }
    let reset = GoDuration.text(limit.resetsAfter)
    return [
      .init("x-ratelimit-limit-requests", "\(limit.requests.limit)"),
      .init("x-ratelimit-limit-tokens", "\(limit.tokens.limit)"),
      .init("x-ratelimit-remaining-requests", "\(limit.requests.remaining)"),
      .init("x-ratelimit-remaining-tokens", "\(limit.tokens.remaining)"),
      .init("x-ratelimit-reset-requests", reset),
      .init("x-ratelimit-reset-tokens", reset),
    ]
  }

  private static func type(of status: Int) -> String {
    switch status {
    case 429: "rate_limit_exceeded"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }
}
