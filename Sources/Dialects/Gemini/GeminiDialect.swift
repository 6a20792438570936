internal import EventStream
internal import LosslessJSON

/// The streams of Gemini's `streamGenerateContent` with `alt=sse`.
struct GeminiDialect: Dialect {
  let name = "gemini"

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    if evidence.firstEvents.contains(where: Self.isChunk) { return .events }
    if Self.suffixes.contains(where: evidence.path.hasSuffix) { return .path }
    return evidence.headerNames.contains("x-goog-api-key") ? .header : nil
  }

  private static let suffixes = [
    ":streamGenerateContent", "%3AstreamGenerateContent", ":generateContent", "%3AgenerateContent",
  ]

  private static func isChunk(_ event: ServerSentEvent) -> Bool {
    guard let chunk = object(of: event) else { return false }
    if chunk["candidates"]?.elements != nil { return true }
    return chunk["usageMetadata"]?.members != nil && chunk["modelVersion"] != nil
  }

  private static func object(of event: ServerSentEvent) -> JSONValue? {
    // What does not begin like an object needs no look at the rest.
    guard event.data.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
    return try? JSONValue(parsing: event.data, nesting: 512)
  }

  func makeState() -> any MessageState { GeminiState() }

  /// A chunk in which a candidate ends, or the prompt is refused, is `finish`; one that only counts
  /// is `usage`.
  func name(of event: ServerSentEvent) -> String {
    guard event.type == "message" else { return event.type }
    guard let chunk = Self.object(of: event) else {
      if event.data == "[DONE]" { return "done" }
      return Self.isErrorList(event) ? "error" : "delta"
    }
    let candidates = chunk["candidates"]?.elements ?? []
    if candidates.contains(where: { GeminiCandidate.finishReason(in: $0) != nil }) {
      return "finish"
    }
    if chunk["promptFeedback"]?["blockReason"]?.text != nil { return "finish" }
    if let error = chunk["error"], !error.isNull { return "error" }
    return candidates.isEmpty && chunk["usageMetadata"]?.members != nil ? "usage" : "delta"
  }

  private static func isErrorList(_ event: ServerSentEvent) -> Bool {
    event.data.utf8.first == UInt8(ascii: "[")
      && ErrorWords.inChunk(try? JSONValue(parsing: event.data, nesting: 512)) != nil
  }

  /// None is: the end of a Gemini stream is the end of the body.
  func isTerminal(_ event: ServerSentEvent) -> Bool { false }

  /// The API says when to try again in the details of its body, and nothing of its limits; the
  /// header is what a client of any dialect understands.
  func reply(to error: APIError) -> ErrorReply {
    let word = error.type ?? Self.word(for: error.status)
    return ErrorReply(
      status: error.status, headers: RetryHeaders.headers(for: error.retryAfter),
      body: Self.error(code: error.status, error.message, word, retryAfter: error.retryAfter))
  }

  func errorEvent(type: String, message: String) -> [UInt8] {
    EventText.event(nil, Self.error(code: 500, message, type))
  }

  var ping: [UInt8] { EventText.commentPing }

  var unknownEvent: [UInt8] {
    EventText.event(nil, .object([.init("type", .string("tapedeck_unknown"))]))
  }

  private static func error(
    code: Int, _ message: String, _ word: String, retryAfter: Duration? = nil
  ) -> JSONValue {
    var error: [JSONValue.Member] = [
      .init("code", .number(code)), .init("message", .string(message)),
      .init("status", .string(word)),
    ]
    if let retryAfter, retryAfter >= .zero {
      error.append(.init("details", .array([retryInfo(retryAfter)])))
    }
    return .object([.init("error", .object(error))])
  }

  /// When to come again, in seconds with up to three digits behind the point, as JSON has a
  /// Duration of protobuf. (google.rpc.RetryInfo)
  private static func retryInfo(_ delay: Duration) -> JSONValue {
    let (seconds, attoseconds) = delay.components
    let up = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let whole = up < 1000 || seconds == .max ? seconds : seconds + 1
    let digits = String(1000 + up % 1000).dropFirst()
    let fraction = up % 1000 == 0 ? "" : ".\(digits)"
    return .object([
      .init("@type", .string("type.googleapis.com/google.rpc.RetryInfo")),
      .init("retryDelay", .string("\(whole)\(fraction)s")),
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
