internal import Libc

/// Finds the cassettes at a path that a user named.
package enum CassettePath {
  /// A cassette file, and the name by which a directive asks for it.
  package struct File: Hashable, Sendable {
    /// The file's path.
    package var path: String

    /// The path below the one that was named, without `.tape`.
    package var name: String

    /// Creates a file from its path and name.
    package init(path: String, name: String) {
      self.path = path
      self.name = name
    }
  }

  /// What makes a file the same under two names.
  package struct Identity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// The identity of the file at a path, or nil where there is none.
    package init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  /// The file at a path, or all `.tape` files below it where it is a folder, by name.
  ///
  /// - Parameters:
  ///   - path: The path of a file or a folder.
  ///   - includingUnfinished: Whether a cassette of which only an unfinished recording is there, as
  ///     a recorder leaves it that is killed, is named too.
  /// - Returns: The files, each once.
  /// - Throws: An error of kind `noInput` where nothing is there, or a folder holds no cassette.
  package static func files(
    at path: String, includingUnfinished: Bool = false
  ) throws(CassetteError) -> [File] {
    try search(path, includingUnfinished: includingUnfinished).files
  }

  /// The file at a path, or all `.tape` files below it where it is a folder, and what was passed
  /// over.
  ///
  /// - Parameters:
  ///   - path: The path of a file or a folder.
  ///   - includingUnfinished: Whether a cassette of which only an unfinished recording is there is
  ///     named too.
  /// - Returns: The files, each once, and notes.
  /// - Throws: An error of kind `noInput` where nothing is there, a folder holds no cassette, or
  ///   there is more in it than is looked at.
  package static func search(
    _ path: String, includingUnfinished: Bool = false
  ) throws(CassetteError) -> Found {
    switch FileSystem.kind(of: path) {
    case nil:
      if includingUnfinished, !SideFile.spool.orphans(beside: path).isEmpty {
        return Found(files: [File(path: path, name: path)])
      }
      throw CassetteError(.noInput, "there is no such file or folder", path: path)
    case .other:
      let file = path.split(separator: "/").last.map(String.init) ?? path
      return Found(files: [File(path: path, name: withoutSuffix(file))])
    case .folder:
      let found = try FolderWalk(path, includingUnfinished: includingUnfinished).found
      guard !found.files.isEmpty else {
        throw CassetteError(.noInput, "there is no .tape file in this folder", path: path)
      }
      return found
    }
  }

  /// The file at a path, or all files below it where it is a folder, but for cassettes, spools and
  /// hidden ones.
  ///
  /// - Parameter path: The path of a file or a folder.
  /// - Returns: The files, each once, by the paths below the one that was named, and notes.
  /// - Throws: An error of kind `noInput` where nothing is there, or there is more in a folder than
  ///   is looked at.
  package static func othersFiles(at path: String) throws(CassetteError) -> Found {
    guard case .folder? = FileSystem.kind(of: path) else { return try search(path) }
    return try FolderWalk(path, includingUnfinished: false) { name in
      ![".tape", ".part", ".new", ".lost"].contains { name.hasSuffix($0) }
    }.found
  }

  /// Whether a folder is there, or a link to one.
  package static func isFolder(_ path: String) -> Bool {
    if case .folder? = FileSystem.kind(of: path) { true } else { false }
  }

  /// The path by which a file is known whatever way leads to it: absolute, and without symbolic
  /// links, also where the last of them leads to nothing yet.
  package static func resolved(_ path: String) -> String { FileSystem.resolved(path) }

  static func withoutSuffix(_ name: String) -> String {
    name.hasSuffix(".tape") && name != ".tape" ? String(name.dropLast(5)) : name
  }
}
