internal import Cassettes
internal import JSON

/// The form in which a provider's API says what went wrong, so that its SDK shows the deck's words.
enum ErrorShape {
  /// Anthropic's, and that of every path that says nothing else.
  case anthropic
  case openAI
  case gemini

  /// The shape of the API that a request target belongs to, directives in front of it or not.
  init(target: String) {
    let path = target.prefix { $0 != "?" }
    if ["/chat/completions", "/completions", "/responses"].contains(where: path.hasSuffix) {
      self = .openAI
    } else if [":streamGenerateContent", ":generateContent"].contains(where: path.hasSuffix) {
      self = .gemini
    } else {
      self = .anthropic
    }
  }

  /// The error body for a status and a message, compact.
  func body(status: Int, message: String) -> [UInt8] {
    switch self {
    case .anthropic:
      JSONValue.object([
        .init("type", .string("error")),
        .init(
          "error",
          .object([
            .init("type", .string(anthropicType(status))), .init("message", .string(message)),
          ])),
        .init("request_id", .string("req_tapedeck")),
      ]).bytes
    case .openAI:
      JSONValue.object([
        .init(
          "error",
          .object([
            .init("message", .string(message)),
            .init("type", .string(status >= 500 ? "server_error" : "invalid_request_error")),
            .init("param", .null), .init("code", .null),
          ]))
      ]).bytes
    case .gemini:
      JSONValue.object([
        .init(
          "error",
          .object([
            .init("code", .number(status)), .init("message", .string(message)),
            .init("status", .string(geminiStatus(status))),
          ]))
      ]).bytes
    }
  }

  private func anthropicType(_ status: Int) -> String {
    switch status {
    case 404: "not_found_error"
    case 413, 431: "request_too_large"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }

  private func geminiStatus(_ status: Int) -> String {
    switch status {
    case 404: "NOT_FOUND"
    case 503: "UNAVAILABLE"
    case 500...: "INTERNAL"
    default: "INVALID_ARGUMENT"
    }
  }
}
