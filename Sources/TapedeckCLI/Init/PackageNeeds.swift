/// What has to be installed before the tests of a project run, and how.
struct PackageNeeds {
  /// The package on PyPI, as pip takes it: below 0.1 the name was another project's.
  private static let pythonPackage = "tapedeck~=0.1"

  private let folder: ProjectFolder

  init(_ folder: ProjectFolder) { self.folder = folder }

  /// The commands that a machine runs which has the checkout alone.
  func commands(for tests: Survey.Tests) -> [String] {
    switch tests.kind {
    case .python: ["pip install \((projectItself + pythonPackages(tests)).joined(separator: " "))"]
    case .node, .vitest, .jest: [nodeInstall]
    // What the package is built with, in an image that has little more than Swift.
    case .swift:
      ["apt-get update && apt-get install -y libcurl4-openssl-dev zlib1g-dev"]
    case .shell: ["pipx install \(Self.pythonPackage)"]
    }
  }

  /// The commands that a user runs once.
  func advice(for tests: Survey.Tests) -> [String] {
    switch tests.kind {
    case .python: ["pip install \(pythonPackages(tests).joined(separator: " "))"]
    case .node, .vitest, .jest: ["\(nodeAdd) tapedeck"]
    case .swift:
      [
        "add the package tapedeck to Package.swift, and its product TapedeckTesting to the target "
          + (tests.folder.split(separator: "/").last.map { TextForm.oneLine(String($0)) } ?? "")
      ]
    case .shell: []
    }
  }

  private func pythonPackages(_ tests: Survey.Tests) -> [String] {
    [Self.pythonPackage, "pytest"] + tests.clients.filter(\.isSDK).map(\.provider.pythonPackage)
  }

  /// What pip installs the project's own packages from.
  private var projectItself: [String] {
    let lists = PythonClues.requirements(in: folder).filter(Self.isPlain)
    let isPackage = ["[project]", "[build-system]"].contains {
      folder.text("pyproject.toml")?.contains($0) ?? false
    }
    return lists.flatMap { ["-r", $0] } + (isPackage ? ["-e", "."] : [])
  }

  /// Whether a name stands for itself, to a shell and in YAML.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-/".utf8.contains(byte)
    } && !name.hasPrefix("-")
  }

  private var nodeInstall: String {
    if has("pnpm-lock.yaml") { return "corepack enable && pnpm install --frozen-lockfile" }
    if has("yarn.lock") { return "corepack enable && yarn install --immutable" }
    return has("package-lock.json") ? "npm ci" : "npm install"
  }

  private var nodeAdd: String {
    if has("pnpm-lock.yaml") { return "pnpm add --save-dev" }
    if has("yarn.lock") { return "yarn add --dev" }
    return "npm install --save-dev"
  }

  private func has(_ name: String) -> Bool { folder.kind(of: name) != .nothing }
}
