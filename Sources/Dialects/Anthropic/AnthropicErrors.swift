internal import LosslessJSON

/// How Anthropic's API says what went wrong.
enum AnthropicErrors {
  /// The answer to a failed request.
  static func reply(to error: APIError) -> ErrorReply {
    let body = JSONValue.object([
      .init("type", .string("error")),
      .init("error", detail(error.type ?? type(of: error.status), error.message)),
      .init("request_id", .string(ErrorReply.requestID)),
    ])
    var headers = [ErrorReply.Header("request-id", ErrorReply.requestID)]
    if let retry = shouldRetry(error.status) { headers.append(.init("x-should-retry", retry)) }
    headers += RetryHeaders.headers(for: error.retryAfter)
    if let limit = error.rateLimit { headers += self.headers(for: limit) }
    return ErrorReply(status: error.status, headers: headers, body: body)
  }

  /// What the data of an `error` event says.
  static func inStream(type: String, message: String) -> JSONValue {
    .object([.init("type", .string("error")), .init("error", detail(type, message))])
  }

  /// The limits in the API's own headers, the time of the reset as RFC 3339 has it.
  ///
  /// The tokens of input and output have headers of their own beside those of the tightest limit of
  /// them; one window stands for all three.
  static func headers(for limit: RateLimit) -> [ErrorReply.Header] {
    let (delay, attoseconds) = limit.resetsAfter.components
    let wait = attoseconds > 0 && delay < .max ? delay + 1 : delay
    let (sum, overflow) = limit.nowSeconds.addingReportingOverflow(wait)
    let reset = UTCTime(secondsSince1970: overflow ? limit.nowSeconds : sum).description
    let windows = [
      ("requests", limit.requests), ("tokens", limit.tokens), ("input-tokens", limit.tokens),
      ("output-tokens", limit.tokens),
    ]
    return windows.flatMap { name, window in
      [
        .init("anthropic-ratelimit-\(name)-limit", "\(window.limit)"),
        .init("anthropic-ratelimit-\(name)-remaining", "\(window.remaining)"),
        .init("anthropic-ratelimit-\(name)-reset", reset, lead: limit.resetsAfter),
      ]
    }
  }

  private static func detail(_ type: String, _ message: String) -> JSONValue {
    .object([.init("type", .string(type)), .init("message", .string(message))])
  }

  /// The `x-should-retry` of the statuses with which it has been seen; the SDKs obey it before all
  /// else.
  private static func shouldRetry(_ status: Int) -> String? {
    switch status {
    case 400, 401, 404: "false"
    case 429: "true"
    default: nil
    }
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
