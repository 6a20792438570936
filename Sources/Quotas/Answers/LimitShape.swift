package import HTTP

/// Whose headers tell a client how it stands with its limits.
package enum LimitShape: String, CaseIterable, Hashable, Sendable {
  /// Resets as points in time, RFC 3339.
  case anthropic
  /// Resets as durations, `6m0s`.
  case openAI = "openai"
  /// OpenAI's, with whole seconds, and `retry-after-ms`.
  case azure
  /// Of the current minute, without resets.
  case mistral
  /// A structured field for the tightest limit. (draft-ietf-httpapi-ratelimit-headers)
  case huggingFace = "huggingface"
  /// Nothing in headers; the body of an error says when to come again.
  case gemini
  /// Nothing but `retry-after`.
  case none

  /// The shape of a recorded exchange: by the fields of its answer, its host, its path, and the
  /// dialect that it speaks.
  ///
  /// - Parameters:
  ///   - headers: The fields of the answer.
  ///   - url: What was asked upstream, or nil where nobody knows.
  ///   - path: The path of the request.
  ///   - dialect: The name of the dialect.
  package init(headers: [HeaderField], url: String?, path: String, dialect: String) {
    let names = Set(headers.map { $0.name.lowercased() })
    let host = url.map(Self.host) ?? ""
    self =
      Self.bySight(names, host: host, path: path) ?? Self.byDialect(dialect)
      ?? (names.contains("x-ratelimit-limit-requests") || path.hasSuffix("/completions")
        ? .openAI : .none)
  }

  private static func bySight(_ names: Set<String>, host: String, path: String) -> LimitShape? {
    if path.contains("/openai/deployments/") || isHost(host, of: azureHosts)
      || names.contains("apim-request-id") || names.contains("azureml-model-session")
      || names.contains(where: { $0.hasPrefix("x-ratelimit-renewalperiod-") })
    {
      return .azure
    }
    if isHost(host, of: ["mistral.ai"])
      || names.contains(where: { $0.hasPrefix("x-ratelimit-") && $0.hasSuffix("-minute") })
    {
      return .mistral
    }
    if isHost(host, of: ["huggingface.co", "hf.space"]) || names.contains("ratelimit-policy") {
      return .huggingFace
    }
    return nil
  }

  private static func byDialect(_ name: String) -> LimitShape? {
    switch name {
    case "anthropic": .anthropic
    case "openai-chat", "openai-responses": .openAI
    case "gemini": .gemini
    default: nil
    }
  }

  private static let azureHosts = [
    "openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com",
  ]

  private static func isHost(_ host: String, of domains: [String]) -> Bool {
    domains.contains { host == $0 || host.hasSuffix(".\($0)") }
  }

  private static func host(of url: String) -> String {
    let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    let authority = rest.prefix { !"/?#".contains($0) }
    let named = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
    return String((named ?? authority).prefix { $0 != ":" }).lowercased()
  }

  /// The status with which a provider says that it is overloaded.
  package var overloadedStatus: Int { self == .anthropic ? 529 : 503 }

  /// Whether a recorded field says how somebody stood with limits when it was recorded.
  package static func isField(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasPrefix("anthropic-ratelimit-") || name.hasPrefix("x-ratelimit-")
      || name == "ratelimit" || name == "ratelimit-policy"
      || ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].contains(name)
  }
}
