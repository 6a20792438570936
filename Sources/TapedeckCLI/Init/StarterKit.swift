import LosslessJSON
import Reports

/// The files with which the tests of a project begin, as a survey of it says.
struct StarterKit {
  /// The folder of cassettes.
  static let cassettes = "cassettes"

  let survey: Survey

  /// The API's URL, where recordings are to be made.
  let upstream: String?

  /// Whether `.js` files are modules.
  let isModule: Bool

  /// What there is to install.
  let packages: PackageNeeds

  /// The files, in the order in which they are written: what is served comes before what asks.
  var files: [StarterFile] {
    [settings] + tapes + survey.tests.flatMap(tests) + ci
      + [StarterFile(".gitattributes", attributes, lines: attributes)]
  }

  private var attributes: String { StarterTemplates.text("gitattributes") }

  private var settings: StarterFile {
    var options: [JSONValue.Member] = [.init("paths", .array([.string(Self.cassettes)]))]
    if let upstream {
      options.append(.init("mode", .string("replay")))
      options.append(.init("upstream", .array([.string(upstream)])))
      options.append(.init("record-to", .string("\(Self.cassettes)/")))
    }
    options.append(.init("pace", .string("instant")))
    options.append(.init("require-session", .bool(true)))
    let value = JSONValue.object([.init("serve", .object(options))])
    let text = IndentedJSON(value, indent: 0).lines.joined(separator: "\n") + "\n"
    var file = StarterFile(ConfigurationFile.defaultPath, text, lines: text)
    // The tests name cassettes of this folder; whatever else is set is up to the user.
    file.mark = "\"\(Self.cassettes)\""
    return file
  }

  private var tapes: [StarterFile] {
    let asked = survey.tests.flatMap { $0.clients.map(\.provider) }
    return Provider.allCases.filter(asked.contains).compactMap { provider in
      guard let tape = Sample.tape(provider.cassette) else { return nil }
      return StarterFile(
        "\(Self.cassettes)/\(provider.cassette).tape", bytes: tape,
        title: "an answer of \(provider.title), \(TextForm.grouped(tape.count)) bytes")
    }
  }

  /// The files of tests of one kind.
  private func tests(_ tests: Survey.Tests) -> [StarterFile] {
    tests.clients.map { client in
      StarterFile(
        Self.path(of: tests, client.provider), text(of: tests.kind, client),
        isExecutable: tests.kind == .shell)
    }
  }

  /// Where the tests of a client stand.
  static func path(of tests: Survey.Tests, _ provider: Provider) -> String {
    let front = tests.folder.isEmpty ? "" : "\(tests.folder)/"
    switch tests.kind {
    case .python: return "\(front)test_tapedeck_\(provider.rawValue).py"
    case .node, .vitest: return "\(front)tapedeck-\(provider.rawValue).test.mjs"
    // It looks for no other ending, unless it is told to.
    case .jest: return "\(front)tapedeck-\(provider.rawValue).test.js"
    case .swift: return "\(front)TapedeckTests.swift"
    case .shell: return "test-tapedeck.sh"
    }
  }

  private func text(of kind: TestKind, _ client: Survey.Client) -> String {
    let values: [String: TemplateValue] = [
      "path": .text(client.provider.samplePath), "body": .text(client.provider.sampleBody),
      "end": .text(client.provider.lastWords), "cassette": .text(client.provider.cassette),
      "sdk": .text(client.isSDK ? client.provider.nodeClient : ""), kind.rawValue: true,
      "isModule": .flag(isModule),
    ]
    switch kind {
    case .python:
      return StarterTemplates.text(
        "pytest_\(client.isSDK ? client.provider.rawValue : "http")", values)
    case .node, .vitest, .jest: return StarterTemplates.text("node", values)
    case .swift: return StarterTemplates.text("swift", values)
    case .shell: return StarterTemplates.text("shell", values)
    }
  }

  private var ci: [StarterFile] {
    guard let ci = survey.ci else { return [] }
    var values: [String: TemplateValue] = [:]
    for tests in survey.tests {
      values[tests.kind.isNode ? "node" : tests.kind.rawValue] = [
        "install": .list(packages.commands(for: tests).map(TemplateValue.text)),
        "test": .text(command(of: tests)),
      ]
    }
    switch ci.service {
    case .github:
      return [
        StarterFile(".github/workflows/tapedeck.yml", StarterTemplates.text("github", values))
      ]
    case .gitlab:
      let text = StarterTemplates.text("gitlab", values)
      return [StarterFile(".gitlab-ci.yml", text, lines: text)]
    }
  }

  /// The command that runs all tests of a kind that stand where those of this kit do.
  private func command(of tests: Survey.Tests) -> String {
    let front = tests.folder.isEmpty ? "" : "\(tests.folder)/"
    switch tests.kind {
    case .python: return "pytest -rx \(front)test_tapedeck_*.py"
    case .node: return "node --test \(front)tapedeck-*.test.mjs"
    case .jest:
      return (isModule ? "NODE_OPTIONS=--experimental-vm-modules " : "") + "npx jest tapedeck"
    case .vitest: return "npx vitest run tapedeck"
    case .swift: return "swift test"
    case .shell: return "tapedeck serve -- ./\(Self.path(of: tests, .anthropic))"
    }
  }

  /// What a user does next, a command a line.
  func next(in folder: ProjectFolder) -> [String] {
    var lines = survey.tests.flatMap { packages.advice(for: $0) + [command(of: $0)] }
    if folder.kind(of: ".git") != .nothing {
      lines.append("git config diff.tapedeck.textconv 'tapedeck show --textconv'")
    }
    return lines
  }
}

extension Provider {
  /// What the sample was asked: the path of the request.
  var samplePath: String {
    switch self {
    case .anthropic: "/v1/messages"
    case .openai: "/v1/chat/completions"
    case .gemini: "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    }
  }

  /// The request's body, as far as a test needs it.
  var sampleBody: String {
    switch self {
    case .anthropic: #"{"model": "claude-haiku-4-5", "stream": true, "messages": []}"#
    case .openai: #"{"model": "gpt-4o-mini", "stream": true, "messages": []}"#
    case .gemini: #"{"contents": []}"#
    }
  }

  /// How its SDK for JavaScript is told where the API is.
  var nodeClient: String {
    switch self {
    case .anthropic: "new Anthropic({ baseURL: url })"
    case .openai: "new OpenAI({ baseURL: `${url}/v1` })"
    case .gemini: "new GoogleGenAI({ httpOptions: { baseUrl: url } })"
    }
  }

  /// What a whole answer holds at its end, and half of one does not.
  var lastWords: String {
    switch self {
    case .anthropic: "message_stop"
    case .openai: "[DONE]"
    case .gemini: "finishReason"
    }
  }
}
