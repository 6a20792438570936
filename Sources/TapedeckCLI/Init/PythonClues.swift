/// A project in Python.
struct PythonClues: LanguageClues {
  let kinds: Set<TestKind> = [.python]
  let runner: (kind: TestKind, why: String)?
  let sdks: [Survey.Client]
  let folder: String

  /// Files that say what a project needs, beside those of requirements.
  private static let manifests = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile"]

  /// What says that tests are run with pytest: a file, and a section of it.
  private static let settings = [
    ("pyproject.toml", "[tool.pytest"), ("pytest.ini", "[pytest]"), ("setup.cfg", "[tool:pytest]"),
    ("tox.ini", "[pytest]"),
  ]

  init(_ folder: ProjectFolder) {
    let lists =
      Self.manifests.filter { folder.kind(of: $0) == .file } + Self.requirements(in: folder)
    let texts = lists.compactMap { name in folder.text(name).map { (name: name, text: $0) } }
    runner = Self.runner(folder, texts).map { (.python, $0) }
    sdks = Provider.allCases.compactMap { Self.sdk($0, folder, texts) }
    self.folder = Self.testFolder(in: folder, among: ["tests", "test"])
  }

  /// The files of requirements, by name.
  static func requirements(in folder: ProjectFolder) -> [String] {
    folder.files.filter { file in
      let parts = file.split(separator: "/")
      guard file.hasSuffix(".txt"), let name = parts.last else { return false }
      return parts.count == 1 && name.hasPrefix("requirements")
        || parts.count == 2 && parts[0] == "requirements"
    }
  }

  /// Why the tests are run with pytest, or nil where this is no Python.
  private static func runner(
    _ folder: ProjectFolder, _ lists: [(name: String, text: String)]
  ) -> String? {
    for (file, section) in settings {
      guard
        let line = folder.text(file)?.split(whereSeparator: \.isNewline)
          .first(where: { $0.hasPrefix(section) })
      else { continue }
      return "\(file) has \(TextForm.excerpt(String(line), limit: 40))"
    }
    if let list = lists.first(where: { DependencyList.names("pytest", in: $0.text) }) {
      return "\(list.name) names pytest"
    }
    if let file = folder.files.first(where: { $0.hasSuffix("conftest.py") }) {
      return "\(TextForm.oneLine(file)) is here"
    }
    if let list = lists.first { return "\(list.name) is here, and pytest runs any test in Python" }
    let sources = folder.files.filter { $0.hasSuffix(".py") }
    let isAlone =
      folder.kind(of: "package.json") == .nothing
      && folder.kind(of: "Package.swift") == .nothing
    guard isAlone, let source = sources.first else { return nil }
    return "\(TextForm.oneLine(source)) is here, and pytest runs any test in Python"
  }

  private static func sdk(
    _ provider: Provider, _ folder: ProjectFolder, _ lists: [(name: String, text: String)]
  ) -> Survey.Client? {
    let package = provider.pythonPackage
    if let list = lists.first(where: { DependencyList.names(package, in: $0.text) }) {
      return Survey.Client(
        provider: provider, isSDK: true, why: "\(TextForm.oneLine(list.name)) names it")
    }
    let modules = provider == .gemini ? ["google.genai", "google import genai"] : [package]
    let importing = folder.texts(ending: [".py"]).first { source in
      source.text.split(whereSeparator: \.isNewline).contains { line in
        modules.contains { Self.imports($0, line) }
      }
    }
    guard let importing else { return nil }
    return Survey.Client(
      provider: provider, isSDK: true, why: "\(TextForm.oneLine(importing.name)) imports it")
  }

  /// Whether a line imports a module or something of it.
  private static func imports(_ module: String, _ line: Substring) -> Bool {
    let line = line.drop { $0 == " " || $0 == "\t" }
    for front in ["import ", "from "] where line.hasPrefix(front + module) {
      guard let next = line.dropFirst(front.count + module.count).first else { return true }
      return !(next.isLetter || next.isNumber || next == "_")
    }
    return false
  }
}

/// Lists of what a Python project needs, in any of their formats.
enum DependencyList {
  /// Whether a text names a package as something that is needed: at the beginning of a line or of a
  /// string, with nothing behind it but what may follow a name. (PEP 508)
  static func names(_ package: String, in text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      var rest = line[...]
      while let found = rest.firstRange(of: package) {
        let before = line[..<found.lowerBound].last { $0 != " " && $0 != "\t" }
        let after = line[found.upperBound...]
        if before == nil || before == "\"" || before == "'", canFollow(after) { return true }
        rest = after
      }
      return false
    }
  }

  private static func canFollow(_ text: Substring) -> Bool {
    guard let first = text.first else { return true }
    if "\"'[<>=!~;@,#".contains(first) { return true }
    guard first == " " || first == "\t" else { return false }
    guard let next = text.first(where: { $0 != " " && $0 != "\t" }) else { return true }
    return "<>=!~;@#(".contains(next)
  }
}
