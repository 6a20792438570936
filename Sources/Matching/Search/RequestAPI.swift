internal import Cassettes
internal import Dialects
internal import Planning

/// The API that a request is of, as far as its path and its fields say.
struct RequestAPI: Hashable, Sendable {
  /// The provider whose words it has, or nil where any may be meant.
  private let provider: ErrorShape?
  private let segments: [Substring]

  init(_ request: ComparableRequest) {
    let evidence = DialectEvidence(target: request.line.target, headerNames: request.fieldNames)
    let dialect = DialectCatalogue.standard.dialect(for: evidence).name
    segments = request.line.path.split(separator: "/")
    let isShared = segments.contains { Self.sharedPaths.contains(String($0)) }
    provider = Self.providers[dialect] ?? (isShared ? nil : ErrorShape(ofKnown: evidence.path))
  }

  private static let providers: [String: ErrorShape] = [
    "anthropic": .anthropic, "openai-chat": .openAI, "openai-responses": .openAI,
    "gemini": .gemini,
  ]

  /// What several providers have under one path.
  private static let sharedPaths: Set<String> = ["models", "files", "batches"]

  /// How many edits a part of a path may be away from the one that was meant.
  private static let typos = 2

  /// Whether a recording may be of the API that a request is of: where both are known the same
  /// provider's, and what is of none that is known only where its path ends like the one that was
  /// asked for; a path that is none may have been meant as any that begins like it.
  func mayBe(_ recorded: RequestAPI) -> Bool {
    switch (provider, recorded.provider) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine == theirs
    case (nil, _?): segments.first == recorded.segments.first
    case (_?, nil):
      Spelling.distance(String(segments.last ?? ""), String(recorded.segments.last ?? ""))
        <= Self.typos
    }
  }

  /// Where the provider's own API is.
  var origin: String? {
    switch provider {
    case .anthropic: "https://api.anthropic.com"
    case .openAI: "https://api.openai.com"
    case .gemini: "https://generativelanguage.googleapis.com"
    case .cohere: "https://api.cohere.com"
    case .ollama: "http://127.0.0.1:11434"
    case .bedrock, nil: nil
    }
  }
}
