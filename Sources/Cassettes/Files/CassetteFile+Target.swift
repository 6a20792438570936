internal import Libc

extension CassetteFile {
  /// Finds what would keep exchanges from being added at a path, so that it is known before a
  /// request is made that costs something.
  ///
  /// Of a file only its beginning is read: damage behind it is met when an exchange is added.
  ///
  /// - Parameter path: Where a cassette is, or is to be created: nothing in a directory that can be
  ///   written, an empty file, or one that begins as a cassette of a version that can be added to.
  /// - Throws: An error of kind `noInput` where nothing can be created, or where a directory or a
  ///   device is; of kind `badData` where the file is no cassette or needs a newer version; of kind
  ///   `system` where it cannot be written.
  public static func checkTarget(_ path: String) throws(CassetteError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw CassetteError(.noInput, "the path of the cassette is empty: give one such as a.tape")
    }
    var status = stat()
    guard stat(FileSystem.resolved(path), &status) == 0 else {
      return try checkDirectory(ofNew: path)
    }
    // Before it is opened, which can have an effect of its own on what is no file.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CassetteError(.noInput, "is not a regular file, so it cannot be a cassette", path: path)
    }
    let file = try OpenFile(path: path, flags: O_RDWR)
    guard try file.status().size > 0 else { return }
    var source = try LineSource(ByteSource(file), limits: CassetteLimits())
    do throws(LineSource.Failure) {
      _ = try source.header()
    } catch {
      // What was cut off there is made whole when an exchange is added.
      guard error.isCut else { throw source.description(of: error, path: path) }
    }
  }

  /// What file systems take.
  private static let nameLimitBytes = 255

  /// What leaves room for the names of the files in it.
  private static let directoryLimitBytes = Int(PATH_MAX) - 260

  private static func checkDirectory(ofNew path: String) throws(CassetteError) {
    let resolved = FileSystem.resolved(path)
    let (directory, name) = FileSystem.split(resolved)
    var status = stat()
    guard lstat(resolved, &status) != 0 else {
      throw CassetteError(.noInput, "is a symbolic link that leads nowhere", path: path)
    }
    guard name.utf8.count <= nameLimitBytes, directory.utf8.count <= directoryLimitBytes else {
      throw CassetteError(
        .noInput,
        "has a name of \(name.utf8.count) bytes in a folder whose path has \(directory.utf8.count): a "
          + "name has at most \(nameLimitBytes), and a folder's path at most \(directoryLimitBytes)",
        path: path)
    }
    guard !FileSystem.split(path).name.isEmpty, stat(directory, &status) == 0,
      status.st_mode & S_IFMT == S_IFDIR
    else {
      throw CassetteError(
        .noInput, "cannot be created, because there is no directory \(directory)", path: path)
    }
    guard access(directory, W_OK | X_OK) == 0 else {
      throw CassetteError(
        .system, "cannot be created in \(directory): \(OpenFile.text(of: errno))", path: path)
    }
  }
}
