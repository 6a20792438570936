internal import EventStream
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

  /// What a chunk says went wrong; nil where it is no error.
  ///
  /// Most servers put it under `error`. Serving engines send an object that says of itself that it is an
  /// error, by its `object` or its `type`, and Google's put their errors in a list.
  static func inChunk(_ chunk: JSONValue?) -> String? {
    guard let chunk else { return nil }
    if let elements = chunk.elements {
      return elements.lazy.filter { $0.members != nil }.compactMap(inChunk).first
    }
    guard chunk.members != nil else { return nil }
    if let text = failure(in: chunk.value(of: "error")) { return text }
    if chunk.has("object", "error") { return text(of: chunk) }
    guard chunk.has("type", "error") else { return nil }
    return text(of: .object((chunk.members ?? []).filter { !$0.hasKey("type") }))
  }

  /// What an object says that is an error and has no name for it, as gateways send it; nil for any other.
  static func bare(_ object: JSONValue) -> String? {
    guard object["object"] == nil, message(of: object) != nil else { return nil }
    let type = object["type"]?.text?.lowercased() ?? ""
    let hasCode = object["code"].map { !$0.isNull } ?? false
    let isError = hasCode || ["error", "exception"].contains { type.hasSuffix($0) }
    return isError || object["detail"]?.text != nil ? text(of: object) : nil
  }

  /// What the data of an event says that calls itself an error by its type, in whatever form it has.
  static func inErrorEvent(_ event: ServerSentEvent) -> String {
    guard let data = try? JSONValue(parsing: event.data, nesting: 512) else {
      return event.data.isEmpty ? "no reason" : event.data
    }
    return inChunk(data) ?? (data.members != nil ? text(of: data) : data.text ?? event.data)
  }

  /// What the `error` of an event says, as `TYPE: MESSAGE`; nil where the SDK takes it for none, which it
  /// does with all that Python holds to be false.
  static func failure(in error: JSONValue?) -> String? {
    guard let error else { return nil }
    switch error {
    case .null, .bool(false), .string([]), .array([]), .object([]): return nil
    case .number(let text) where Double(text) == 0: return nil
    case .string: return error.text
    default: return text(of: error)
    }
  }

  /// What an error object says, as `TYPE: MESSAGE`, with its status or its code where it has no type.
  static func text(of error: JSONValue) -> String {
    let status = error["status"]?.text.map { JSONValue.string($0) }
    let kind = [error["type"], status, error["code"]].lazy.compactMap { kind in
      switch kind {
      case .string(let bytes)? where !bytes.isEmpty: String(decoding: bytes, as: UTF8.self)
      case .number(let text)?: text
      default: nil
      }
    }.first
    guard let message = message(of: error) else { return kind ?? "no reason" }
    return kind.map { "\($0): \(message)" } ?? message
  }

  /// The message, by whichever name a server has for it.
  private static func message(of error: JSONValue) -> String? {
    for key in ["message", "detail", "msg", "error"] {
      if let text = error[key]?.text, !text.isEmpty { return text }
    }
    return nil
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

extension ServerSentEvent {
  /// Whether its type says that it is an error; the second is what Bedrock's frames have.
  var isError: Bool { type == "error" || type == "exception" }
}
