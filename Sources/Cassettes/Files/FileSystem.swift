internal import Libc
private import Synchronization

/// What is done with names of files rather than with files.
enum FileSystem {
  private static let counter = Atomic<Int>(0)

  /// A path beside another that this process has not named before: `PATH.PID-N.ENDING`.
  static func uniqueName(beside path: String, ending: String) -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    return self.path(beside: path, ending: ".\(getpid())-\(number).\(ending)")
  }

  /// Gives a file a second name.
  ///
  /// - Returns: 0, or the error number.
  static func link(_ old: String, to new: String) -> CInt {
    makeLink(old, new) == 0 ? 0 : errno
  }

  /// Whether an error number of `link` says that something has the new name.
  static func isTaken(_ code: CInt) -> Bool { code == EEXIST }

  /// Puts a file in the place of another, at once.
  static func replace(_ path: String, with new: String) throws(CassetteError) {
    guard rename(new, path) == 0 else {
      throw CassetteError(.system, "cannot be replaced: \(OpenFile.text(of: errno))", path: path)
    }
  }

  /// Removes a file's name, if it is there.
  static func remove(_ path: String) {
    unlink(path)
  }

  /// How many symbolic links are followed one after the other, as by Linux itself.
  private static let linkLimit = 40

  /// The path of a file whatever way leads to it: absolute, with all symbolic links followed, also
  /// a last one that leads to nothing yet; of what is not there the name stays as it is.
  static func resolved(_ path: String) -> String {
    var path = path
    for _ in 0..<linkLimit {
      if let resolved = realpath(path, nil) {
        defer { free(resolved) }
        return String(cString: resolved)
      }
      if let destination = destination(ofLink: path) {
        path = destination.hasPrefix("/") ? destination : "\(split(path).directory)/\(destination)"
        continue
      }
      let (directory, name) = split(path)
      guard !path.isEmpty, directory != path, directory != "/" else { return path }
      let folder = resolved(directory)
      return name.isEmpty || name == "." ? folder : "\(folder)/\(name)"
    }
    return path
  }

  /// What is at a path.
  enum Kind: Equatable {
    /// A folder, or a symbolic link to one.
    case folder(isLink: Bool)
    case other
  }

  /// What is at a path, symbolic links followed; nil where nothing is.
  static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link that leads nowhere is something that cannot be read.
      return lstat(path, &status) == 0 ? .other : nil
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return .other }
    guard lstat(path, &status) == 0 else { return .other }
    return .folder(isLink: status.st_mode & S_IFMT == S_IFLNK)
  }

  /// The path of a file beside another, whose name it begins with as far as that is not too long.
  static func path(beside path: String, ending: String) -> String {
    let (directory, name) = split(path)
    let short = FileName.fitting(name) + ending
    guard path.utf8.contains(UInt8(ascii: "/")) else { return short }
    return directory == "/" ? "/" + short : "\(directory)/\(short)"
  }

  /// What a symbolic link says, or nil where the path is none.
  private static func destination(ofLink path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    let bytes = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The directory and the name of a path.
  static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.utf8.index(after: slash)...]))
  }

  /// Waits until the names in the directory of a path are on the disk.
  static func syncDirectory(of path: String) throws(CassetteError) {
    let directory = split(path).directory
    let number = retrying { open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY) }
    guard number >= 0 else {
      throw CassetteError(
        .system, "cannot be opened: \(OpenFile.text(of: errno))", path: directory)
    }
    defer { close(number) }
    // Some file systems cannot sync a directory, which is no reason to refuse.
    guard retrying({ fsync(number) }) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw CassetteError(
        .system, "cannot be written to disk: \(OpenFile.text(of: errno))", path: directory)
    }
  }

  /// The names in a directory, sorted; none where it cannot be read.
  static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    guard let start = MemoryLayout.offset(of: \dirent.d_name) else { return [] }
    var names: [String] = []
    while let entry = readdir(stream) {
      // An entry is only as long as its name: the array that is declared for it is not all there.
      let name = UnsafeRawPointer(entry).advanced(by: start).assumingMemoryBound(to: CChar.self)
      names.append(String(cString: name))
    }
    return names.sorted()
  }
}

/// link(2), which the method of the same name would hide.
private func makeLink(_ old: String, _ new: String) -> CInt {
  link(old, new)
}
