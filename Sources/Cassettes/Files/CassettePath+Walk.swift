internal import Libc

extension CassettePath {
  /// What there is below a path.
  package struct Found: Hashable, Sendable {
    /// The cassettes, each once, by name.
    package var files: [File] = []

    /// What a person should know: what was passed over, and why.
    package var notes: [String] = []

    /// Creates what was found from its parts.
    package init(files: [File] = [], notes: [String] = []) {
      self.files = files
      self.notes = notes
    }
  }
}

/// The way through a folder, those in it, and those that symbolic links lead to.
///
/// Folders of its own come first. Then each link is followed once, unless it leads to a folder that
/// was read already, or to one that the walk began in or that holds it, as a link to `/` does.
struct FolderWalk {
  /// A folder, what its cassettes' names begin with, and how deep it stands.
  private struct Folder {
    var path: String
    var prefix: String
    var depth: Int
  }

  /// How deep folders may stand in each other.
  static let depthLimit = 32

  /// How many names are looked at.
  static let entryLimit = 200_000

  /// What was found so far.
  private(set) var found = CassettePath.Found()

  private let root: String
  private let includesUnfinished: Bool
  private let accepts: (String) -> Bool
  private var entries = 0
  private var links: [Folder] = []
  private var read: Set<CassettePath.Identity> = []
  private var above: Set<CassettePath.Identity> = []

  /// Walks through a folder.
  ///
  /// - Parameters:
  ///   - root: The folder.
  ///   - includingUnfinished: Whether cassettes of which only an unfinished recording is there are
  ///     named too.
  ///   - accepts: Whether a file of that name is meant.
  /// - Throws: An error of kind `noInput` where there is more than is looked at.
  init(
    _ root: String, includingUnfinished: Bool,
    accepting accepts: @escaping (String) -> Bool = { $0.hasSuffix(".tape") }
  ) throws(CassetteError) {
    self.root = root
    self.accepts = accepts
    includesUnfinished = includingUnfinished
    var path = FileSystem.resolved(root)
    while path != "/", path.hasPrefix("/") {
      path = FileSystem.split(path).directory
      if let identity = CassettePath.Identity(of: path) { above.insert(identity) }
    }
    try walk(Folder(path: root, prefix: "", depth: 0))
    var next = 0
    while next < links.count {
      try follow(links[next])
      next += 1
    }
    found.files.sort { Self.key(of: $0).lexicographicallyPrecedes(Self.key(of: $1)) }
  }

  /// A folder's own files stand where its name does.
  private static func key(of file: CassettePath.File) -> [UInt8] {
    file.path.utf8.map { $0 == UInt8(ascii: "/") ? 0 : $0 }
  }

  private mutating func follow(_ link: Folder) throws(CassetteError) {
    guard let identity = CassettePath.Identity(of: link.path) else { return }
    if above.contains(identity) {
      found.notes.append(
        "\(link.path) is a link to a folder that holds \(root) itself: it is not followed")
    } else if !read.contains(identity) {
      try walk(link)
    }
  }

  private mutating func walk(_ folder: Folder) throws(CassetteError) {
    guard folder.depth < Self.depthLimit else {
      found.notes.append(
        "\(folder.path) is \(Self.depthLimit) folders deep: what is in it is not read")
      return
    }
    if let identity = CassettePath.Identity(of: folder.path) { read.insert(identity) }
    var names = FileSystem.names(in: folder.path).filter { !$0.hasPrefix(".") }
    entries += names.count
    guard entries <= Self.entryLimit else {
      throw CassetteError(
        .noInput,
        "has more than \(Self.entryLimit) files and folders below it: name the folder of the cassettes",
        path: root)
    }
    if includesUnfinished { names += unfinished(in: folder, beside: names) }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for name in names {
      let path = folder.path.hasSuffix("/") ? folder.path + name : "\(folder.path)/\(name)"
      switch FileSystem.kind(of: path) {
      case .folder(let isLink):
        let below = Folder(
          path: path, prefix: "\(folder.prefix)\(name)/", depth: folder.depth + 1)
        if isLink { links.append(below) } else { try walk(below) }
      case .other, nil:
        guard accepts(name) else { continue }
        let name = folder.prefix + CassettePath.withoutSuffix(name)
        found.files.append(CassettePath.File(path: path, name: name))
      }
    }
  }

  /// The cassettes of which only a recording that nobody finished is there; one that is still
  /// locked is being recorded, and nobody's loss.
  ///
  /// A recording of a cassette with a long name is found with that: it names the short form.
  private func unfinished(in folder: Folder, beside names: [String]) -> Set<String> {
    let there = names.map { FileName.fitting($0) }
    return Set(names.compactMap(SideFile.spool.target(of:))).subtracting(there).filter {
      !SideFile.spool.orphans(beside: "\(folder.path)/\($0)").isEmpty
    }
  }
}
