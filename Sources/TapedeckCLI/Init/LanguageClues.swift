/// What tells that a folder is a project in some language.
protocol LanguageClues {
  /// The ways to test in it.
  var kinds: Set<TestKind> { get }

  /// How its tests are run, and why; nil where the folder is no such project.
  var runner: (kind: TestKind, why: String)? { get }

  /// The SDKs that it uses, each once.
  var sdks: [Survey.Client] { get }

  /// Where its tests stand; empty for the top.
  var folder: String { get }
}

extension LanguageClues {
  /// The first of some folders that is there, or the first of all.
  static func testFolder(in folder: ProjectFolder, among names: [String]) -> String {
    names.first { folder.kind(of: $0) == .folder } ?? names[0]
  }
}

/// A project in Swift.
struct SwiftClues: LanguageClues {
  let kinds: Set<TestKind> = [.swift]
  let runner: (kind: TestKind, why: String)?
  let sdks: [Survey.Client] = []
  let folder: String

  init(_ folder: ProjectFolder) {
    runner = folder.kind(of: "Package.swift") == .file ? (.swift, "Package.swift is here") : nil
    let targets = folder.files.compactMap { file -> String? in
      let parts = file.split(separator: "/")
      return parts.count > 2 && parts[0] == "Tests" ? "Tests/\(parts[1])" : nil
    }
    self.folder = targets.first ?? "Tests/StreamTests"
  }
}
