internal import Libc

/// Finds the cassettes at a path that a user named.
public enum CassettePath {
  /// A cassette file, and the name by which a directive asks for it.
  public struct File: Hashable, Sendable {
    /// The file's path.
    public var path: String

    /// The path below the one that was named, without `.tape`.
    public var name: String

    /// Creates a file from its path and name.
    public init(path: String, name: String) {
      self.path = path
      self.name = name
    }
  }

  /// What makes a file the same under two names.
  public struct Identity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// The identity of the file at a path, or nil where there is none.
    public init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  /// How deep folders may stand in each other.
  static let depthLimit = 32

  /// The file at a path, or all `.tape` files below it where it is a folder, by name.
  ///
  /// - Parameters:
  ///   - path: The path of a file or a folder.
  ///   - includingUnfinished: Whether a cassette of which only an unfinished recording is there, as a
  ///     recorder leaves it that is killed, is named too.
  /// - Returns: The files, each once.
  /// - Throws: An error of kind `noInput` where nothing is there, or a folder holds no cassette.
  public static func files(
    at path: String, includingUnfinished: Bool = false
  ) throws(CassetteError) -> [File] {
    guard let isFolder = isFolder(path) else {
      if includingUnfinished, !SideFile.spool.orphans(beside: path).isEmpty {
        return [File(path: path, name: path)]
      }
      throw CassetteError(.noInput, "there is no such file or folder", path: path)
    }
    guard isFolder else {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      return [File(path: path, name: withoutSuffix(file))]
    }
    let files = below(path, prefix: "", depth: 0, includingUnfinished)
    guard !files.isEmpty else {
      throw CassetteError(.noInput, "there is no .tape file in this folder", path: path)
    }
    return files
  }

  /// The path by which a file is known whatever way leads to it: absolute, and without symbolic links
  /// as far as it exists.
  public static func resolved(_ path: String) -> String {
    if let known = realpath(path, nil) {
      defer { free(known) }
      return String(cString: known)
    }
    guard let slash = path.lastIndex(of: "/") else {
      return path.isEmpty ? path : resolved(".") + "/" + path
    }
    let name = path[path.index(after: slash)...]
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    guard folder != "/" else { return path }
    return name.isEmpty || name == "." ? resolved(folder) : resolved(folder) + "/" + name
  }

  private static func below(
    _ folder: String, prefix: String, depth: Int, _ includingUnfinished: Bool
  ) -> [File] {
    guard depth < depthLimit else { return [] }
    var files: [File] = []
    var names = names(in: folder)
    if includingUnfinished {
      // One that is still locked is being recorded, and nobody's loss.
      let unfinished = Set(names.filter { $0.hasSuffix(".part") }.compactMap(cassette(ofSpool:)))
        .subtracting(names)
        .filter { !SideFile.spool.orphans(beside: "\(folder)/\($0)").isEmpty }
      names = Set(names + unfinished).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    for name in names {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if name.hasSuffix(".tape"), isFolder(path) != true {
        files.append(File(path: path, name: prefix + withoutSuffix(name)))
      } else if isFolder(path) == true {
        files += below(
          path, prefix: "\(prefix)\(name)/", depth: depth + 1, includingUnfinished)
      }
    }
    return files
  }

  /// The cassette's name in `NAME.tape.PID-N.part`, or nil.
  private static func cassette(ofSpool name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 3] == "tape" else { return nil }
    return parts.dropLast(2).joined(separator: ".")
  }

  private static func withoutSuffix(_ name: String) -> String {
    name.hasSuffix(".tape") && name != ".tape" ? String(name.dropLast(5)) : name
  }

  private static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder but for hidden ones, sorted by their bytes.
  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)
        ) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
