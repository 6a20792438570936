import Reports

/// What the files of a new project are made of: they stand in `Resources/init`.
enum StarterTemplates {
  /// The texts of the templates by name.
  static let sources: [String: [UInt8]] = [
    "pytest_anthropic": PackageResources.pytest_anthropic_py,
    "pytest_openai": PackageResources.pytest_openai_py,
    "pytest_gemini": PackageResources.pytest_gemini_py,
    "pytest_http": PackageResources.pytest_http_mustache,
    "node": PackageResources.node_mustache,
    "swift": PackageResources.swift_mustache,
    "shell": PackageResources.shell_mustache,
    "github": PackageResources.github_mustache,
    "gitlab": PackageResources.gitlab_mustache,
    "gitattributes": PackageResources.gitattributes_txt,
  ]

  /// The text of a template with values in its places; nothing of it is markup.
  static func text(_ name: String, _ values: [String: TemplateValue] = [:]) -> String {
    // The suite makes every file, so that none of them is missing or wrong here.
    let source = String(decoding: sources[name] ?? [], as: UTF8.self)
    return (try? Template(source))?.rendered(.object(values)) ?? ""
  }
}
