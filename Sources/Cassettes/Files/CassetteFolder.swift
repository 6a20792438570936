internal import Libc

/// Folders that hold cassettes.
package enum CassetteFolder {
  /// How deep a folder may stand that is created.
  static let depthLimit = 64

  /// Creates a folder where there is none, and those that it stands in.
  ///
  /// - Parameter path: Where it is to be.
  /// - Throws: An error of kind `system` where it cannot be created, and of kind `noInput` where
  ///   something else is there.
  package static func create(_ path: String) throws(CassetteError) {
    try create(path, depth: 0)
  }

  private static func create(_ path: String, depth: Int) throws(CassetteError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw CassetteError(
          .noInput, "is not a folder, so recordings cannot be put into it", path: path)
      }
      return
    }
    let parent = FileSystem.split(path).directory
    if depth < depthLimit, parent != path, parent != "." { try create(parent, depth: depth + 1) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw CassetteError(.system, "cannot be created: \(OpenFile.text(of: errno))", path: path)
    }
  }
}
