import LosslessJSON

/// A project in JavaScript or TypeScript.
struct NodeClues: LanguageClues {
  let kinds: Set<TestKind> = [.node, .jest, .vitest]
  let runner: (kind: TestKind, why: String)?
  let sdks: [Survey.Client]
  let folder: String

  private static let nesting = 32
  private static let sources = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"]
  private static let dependencies = ["dependencies", "devDependencies", "peerDependencies"]

  init(_ folder: ProjectFolder) {
    self.folder = Self.testFolder(in: folder, among: ["test", "tests", "__tests__"])
    guard let text = folder.text("package.json") else {
      runner = nil
      sdks = []
      return
    }
    let manifest = try? JSONValue(parsing: Array(text.utf8), nesting: Self.nesting)
    runner = Self.runner(folder, manifest)
    sdks = Provider.allCases.compactMap { Self.sdk($0, folder, manifest) }
  }

  /// Whether the folder's package.json says that its `.js` files are modules.
  static func isModule(_ folder: ProjectFolder) -> Bool {
    let text = folder.text("package.json") ?? ""
    let manifest = try? JSONValue(parsing: Array(text.utf8), nesting: nesting)
    return manifest?["type"] == .string("module")
  }

  private static func runner(
    _ folder: ProjectFolder, _ manifest: JSONValue?
  ) -> (kind: TestKind, why: String) {
    guard let manifest else {
      return (.node, "package.json is here, though it is not JSON that can be read")
    }
    for kind in [TestKind.vitest, .jest] {
      if let list = list(naming: kind.rawValue, manifest) {
        return (kind, "package.json names it in \(list)")
      }
      let file = folder.files.first { file in
        file.hasPrefix("\(kind.rawValue).config.") && !file.contains("/")
      }
      if let file { return (kind, "\(TextForm.oneLine(file)) is here") }
      guard case .object(let scripts) = manifest["scripts"] else { continue }
      let script = scripts.first { script in
        guard case .string(let command) = script.value else { return false }
        return String(decoding: command, as: UTF8.self).split { !($0.isLetter) }
          .contains { $0 == kind.rawValue }
      }
      if let script {
        let name = TextForm.excerpt(String(decoding: script.key, as: UTF8.self), limit: 40)
        return (kind, "the script '\(name)' of package.json runs it")
      }
    }
    return (.node, "package.json names neither vitest nor jest")
  }

  private static func sdk(
    _ provider: Provider, _ folder: ProjectFolder, _ manifest: JSONValue?
  ) -> Survey.Client? {
    let package = provider.npmPackage
    if let manifest, let list = list(naming: package, manifest) {
      return Survey.Client(
        provider: provider, isSDK: true, why: "package.json names it in \(list)")
    }
    let quoted = ["'\(package)'", "\"\(package)\""]
    let importing = folder.texts(ending: sources).first { source in
      quoted.contains { name in
        ["from \(name)", "import \(name)", "import(\(name)", "require(\(name)"].contains {
          source.text.contains($0)
        }
      }
    }
    guard let importing else { return nil }
    return Survey.Client(
      provider: provider, isSDK: true, why: "\(TextForm.oneLine(importing.name)) imports it")
  }

  /// The list of dependencies that names a package.
  private static func list(naming package: String, _ manifest: JSONValue) -> String? {
    dependencies.first { manifest[$0]?[package] != nil }
  }
}
