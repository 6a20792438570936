internal import JSON

/// How OpenAI's APIs say what went wrong.
enum OpenAIErrors {
  /// The answer to a failed request.
  static func reply(to error: APIError) -> ErrorReply {
    let type = error.type ?? Self.type(of: error.status)
    let code: JSONValue = error.status == 429 ? .string(type) : .null
    let body = JSONValue.object([
      .init("error", detail(type: type, message: error.message, code: code))
    ])
    var headers = [ErrorReply.Header("x-request-id", ErrorReply.requestID)]
    headers += RetryHeaders.headers(for: error.retryAfter)
    return ErrorReply(status: error.status, headers: headers, body: body)
  }

  /// The object that says what went wrong, in an answer or in a chunk of a stream.
  static func detail(type: String, message: String, code: JSONValue) -> JSONValue {
    .object([
      .init("message", .string(message)), .init("type", .string(type)),
      .init("param", .null), .init("code", code),
    ])
  }

  private static func type(of status: Int) -> String {
    switch status {
    case 429: "rate_limit_exceeded"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }
}
