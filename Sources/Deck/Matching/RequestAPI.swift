internal import Cassettes
internal import Dialects

/// The API that a request is of, as far as its path and its fields say.
struct RequestAPI: Hashable, Sendable {
  /// The provider whose words it has, or nil where any may be meant.
  private let provider: String?
  private let firstSegment: Substring

  init(_ request: ComparableRequest) {
    let evidence = DialectEvidence(target: request.line.target, headerNames: request.fieldNames)
    let dialect = DialectCatalogue.standard.dialect(for: evidence).name
    provider = Self.providers[dialect]
    firstSegment = request.line.path.split(separator: "/").first ?? ""
  }

  private static let providers = [
    "anthropic": "anthropic", "openai-chat": "openai", "openai-responses": "openai",
    "gemini": "gemini",
  ]

  /// Whether two requests may be of one API: no two providers' words, and where only one is known, a path
  /// that begins alike.
  func mayBe(_ other: RequestAPI) -> Bool {
    switch (provider, other.provider) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine == theirs
    default: firstSegment == other.firstSegment
    }
  }

  /// Where the provider's own API is.
  var origin: String? {
    switch provider {
    case "anthropic": "https://api.anthropic.com"
    case "openai": "https://api.openai.com"
    case "gemini": "https://generativelanguage.googleapis.com"
    default: nil
    }
  }
}
