internal import LosslessJSON

/// In whose words an error is said to a request that no dialect knows: by the path.
package enum ErrorShape: Sendable {
  case anthropic, openAI, gemini, cohere, ollama, bedrock

  /// The shape for a path.
  init(path: String) { self = Self(ofKnown: path) ?? .anthropic }

  /// The shape for a path that is known to be of some API, or nil.
  package init?(ofKnown path: String) {
    let parts = path.split(separator: "/").map(String.init)
    let names = Set(parts)
    if parts.first == "model", path.contains("/invoke") || path.contains("/converse") {
      self = .bedrock
    } else if names.contains("messages"), names.contains("v1"), !names.contains("threads") {
      self = .anthropic
    } else if parts.last.map(Self.isGoogleMethod) ?? false || names.contains("v1beta") {
      self = .gemini
    } else if parts.first == "api", parts.dropFirst().first.map(Self.ollamaPaths.contains) ?? false
    {
      self = .ollama
    } else if parts.first == "v2"
      || parts.count > 1 && Self.coherePaths.contains(parts[parts.count - 1])
    {
      self = .cohere
    } else if !names.isDisjoint(with: Self.openAIPaths) {
      self = .openAI
    } else {
      return nil
    }
  }

  /// Whether the end of a path is a resource with a method of its own, such as `g:countTokens`.
  ///
  /// Google's APIs have them; a model that OpenAI has tuned has colons in its name, too.
  private static func isGoogleMethod(_ segment: String) -> Bool {
    let parts = segment.replacing("%3A", with: ":").replacing("%3a", with: ":")
      .split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] != "ft", let first = parts[1].utf8.first else { return false }
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
      && parts[1].utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
      }
  }

  /// The first part of OpenAI's paths behind the version.
  private static let openAIPaths: Set<String> = [
    "completions", "chat", "responses", "embeddings", "images", "audio", "moderations", "models",
    "files", "uploads", "fine_tuning", "batches", "threads", "assistants", "vector_stores",
    "realtime", "conversations", "containers", "evals", "videos", "engines",
  ]
  private static let coherePaths: Set<String> = [
    "rerank", "embed", "tokenize", "detokenize", "classify",
  ]
  private static let ollamaPaths: Set<String> = [
    "chat", "generate", "embed", "embeddings", "tags", "show", "pull", "push", "create", "copy",
    "delete", "ps", "version",
  ]

  /// An answer that says what went wrong.
  func reply(to error: APIError) -> ErrorReply {
    switch self {
    case .anthropic: AnthropicErrors.reply(to: error)
    case .openAI: OpenAIErrors.reply(to: error)
    case .gemini: GeminiDialect().reply(to: error)
    case .cohere: Self.reply(error, key: "message")
    case .ollama: Self.reply(error, key: "error")
    case .bedrock:
      Self.reply(
        error, key: "message",
        headers: [
          .init("x-amzn-requestid", ErrorReply.requestID),
          .init("x-amzn-errortype", error.type ?? Self.exception(for: error.status)),
        ])
    }
  }

  private static func reply(
    _ error: APIError, key: String, headers: [ErrorReply.Header] = []
  ) -> ErrorReply {
    ErrorReply(
      status: error.status, headers: headers + RetryHeaders.headers(for: error.retryAfter),
      body: .object([.init(key, .string(error.message))]))
  }

  private static func exception(for status: Int) -> String {
    switch status {
    case 403: "AccessDeniedException"
    case 404: "ResourceNotFoundException"
    case 408: "ModelTimeoutException"
    case 424: "ModelErrorException"
    case 429: "ThrottlingException"
    case 503: "ServiceUnavailableException"
    case 500...: "InternalServerException"
    default: "ValidationException"
    }
  }
}
