/// What a folder is, as far as tests need to know, and why that is believed.
struct Survey {
  /// Something that was found, and why it is believed.
  struct Finding: Equatable {
    let what: String
    let why: String
  }

  /// A way to test, and the clients that are tested.
  struct Tests {
    let kind: TestKind
    let why: String
    let clients: [Client]
    /// Where tests stand: a folder, without a slash at its end, or nothing for the top.
    let folder: String
  }

  /// A client of a provider's API.
  struct Client {
    let provider: Provider
    /// Whether it is the provider's SDK, rather than the project's own.
    let isSDK: Bool
    let why: String
  }

  /// The ways to test, in the order of ``TestKind``; at least one.
  let tests: [Tests]

  /// Where CI runs, and why; nil where it runs nowhere that is known.
  let ci: (service: CIService, why: String)?

  /// All that was found, as a person reads it.
  var findings: [Finding] {
    var findings: [Finding] = []
    for test in tests {
      findings.append(Finding(what: test.kind.title, why: test.why))
      for client in test.clients {
        let provider = client.provider
        let what =
          client.isSDK ? test.kind.package(of: provider) : "\(provider.title) over HTTP"
        findings.append(Finding(what: what, why: client.why))
      }
    }
    if let ci { findings.append(Finding(what: ci.service.title, why: ci.why)) }
    return findings
  }

  /// Looks at a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - chosen: The ways to test that were asked for; where there are none, those that fit.
  ///   - service: Where CI runs, where that was said; nil inside for nowhere.
  ///   - upstream: The API's URL, where it was given.
  init(of folder: ProjectFolder, chosen: [TestKind], service: CIService??, upstream: String?) {
    let clues: [any LanguageClues] = [
      PythonClues(folder), NodeClues(folder), SwiftClues(folder),
    ]
    var found = clues.compactMap { clues in clues.runner.map { (kind: $0.kind, why: $0.why) } }
    if !chosen.isEmpty {
      found = TestKind.allCases.filter(chosen.contains).map { kind in
        (kind, "it was asked for with --language \(kind.rawValue)")
      }
    }
    if found.isEmpty {
      let why = "there is no pyproject.toml, package.json or Package.swift, nor any Python"
      found = [(.shell, why)]
    }
    tests = found.map { kind, why in
      let clues = clues.first { $0.kinds.contains(kind) }
      let sdks = clues?.sdks ?? []
      return Tests(
        kind: kind, why: why,
        clients: sdks.isEmpty ? [Self.plain(kind, upstream)] : sdks,
        folder: clues?.folder ?? "")
    }
    ci = CIClues(folder).service(chosen: service)
  }

  /// The client of a project that uses no SDK.
  private static func plain(_ kind: TestKind, _ upstream: String?) -> Client {
    if let upstream, let provider = Provider.allCases.first(where: { upstream.contains($0.host) }) {
      return Client(
        provider: provider, isSDK: false, why: "it is the API at \(TextForm.oneLine(upstream))")
    }
    let known = Provider.allCases.map { kind.package(of: $0) }.joined(separator: ", ")
    let why =
      kind.hasSDKs ? "no SDK is named or imported (\(known))" : "the sample is an answer of it"
    return Client(provider: .anthropic, isSDK: false, why: why)
  }
}

/// How tests are run.
enum TestKind: String, CaseIterable {
  case python, node, jest, vitest, swift, shell

  /// What a person calls it.
  var title: String {
    switch self {
    case .python: "pytest"
    case .node: "node:test"
    case .jest, .vitest: rawValue
    case .swift: "Swift Testing"
    case .shell: "a shell script"
    }
  }

  /// Whether there are SDKs of the providers in its language.
  var hasSDKs: Bool { self != .swift && self != .shell }

  /// Whether it is JavaScript.
  var isNode: Bool { self == .node || self == .jest || self == .vitest }

  /// What a provider's SDK is called in its language.
  func package(of provider: Provider) -> String {
    isNode ? provider.npmPackage : provider.pythonPackage
  }
}

/// Whose API is asked.
enum Provider: String, CaseIterable {
  case anthropic, openai, gemini

  var title: String {
    switch self {
    case .anthropic: "Anthropic Messages"
    case .openai: "OpenAI Chat Completions"
    case .gemini: "Gemini"
    }
  }

  var pythonPackage: String { self == .gemini ? "google-genai" : rawValue }

  var npmPackage: String {
    switch self {
    case .anthropic: "@anthropic-ai/sdk"
    case .openai: "openai"
    case .gemini: "@google/genai"
    }
  }

  /// Where the API is.
  var host: String {
    switch self {
    case .anthropic: "api.anthropic.com"
    case .openai: "api.openai.com"
    case .gemini: "generativelanguage.googleapis.com"
    }
  }

  /// The name of the built-in cassette with an answer of it.
  var cassette: String {
    switch self {
    case .anthropic: "anthropic-text"
    case .openai: "openai-chat"
    case .gemini: "gemini-text"
    }
  }
}

/// What runs tests for a repository.
enum CIService: String, CaseIterable {
  case github, gitlab

  var title: String { self == .github ? "GitHub Actions" : "GitLab CI" }
}
