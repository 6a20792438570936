import Cassettes
import Libc

/// Files that a verb writes whole, in place of what was there.
enum OutputFile {
  /// Writes bytes beside their place and renames them there, or to standard output where the path
  /// is `-`.
  ///
  /// A link is followed. What is no file, as a device or a pipe, is written to as it is.
  ///
  /// - Throws: where the system refuses, with what was there before left as it was.
  static func write(_ bytes: [UInt8], to path: String) throws(CassetteError) {
    guard path != "-" else { return Console.write(bytes) }
    let place = target(of: path)
    var found = stat()
    let isThere = stat(place, &found) == 0
    guard !isThere || found.st_mode & S_IFMT == S_IFREG else {
      let descriptor = open(place, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure(path) }
      if let error = written(bytes, to: descriptor, path) { throw error }
      return
    }
    let temporary = "\(place).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    var error = written(bytes, to: descriptor, path)
    if error == nil, rename(temporary, place) != 0 { error = failure(path) }
    guard let error else { return }
    unlink(temporary)
    throw error
  }

  /// Writes a file that is not there yet: it is there at once with all its bytes, or not at all.
  ///
  /// - Parameters:
  ///   - bytes: What stands in it.
  ///   - path: Where it is to be.
  ///   - isExecutable: Whether it is a program.
  /// - Returns: Whether it was written; not where something of that name is there, which stays.
  /// - Throws: where the system refuses.
  static func create(
    _ bytes: [UInt8], at path: String, isExecutable: Bool = false
  ) throws(CassetteError) -> Bool {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isExecutable ? 0o777 : 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    defer { unlink(temporary) }
    if let error = written(bytes, to: descriptor, path) { throw error }
    // Unlike rename(2), it never takes the place of what came there meanwhile.
    guard link(temporary, path) != 0 else { return true }
    guard errno == EEXIST else { throw failure(path) }
    return false
  }

  /// Makes sure that no file replaces another one, or what is read.
  ///
  /// - Parameters:
  ///   - paths: what is to be written.
  ///   - read: what the same run reads.
  /// - Throws: which of them goes with no other.
  static func check(_ paths: [String], against read: [String]) throws {
    let read = Set(read.map(target))
    var written: Set<String> = []
    for path in paths where path != "-" {
      let place = target(of: path)
      guard !read.contains(place) else {
        throw Failure(.usage, "\(path) is read by this run: give the report another name")
      }
      guard written.insert(place).inserted else {
        throw Failure(.usage, "\(path) is named for two reports: give each its own")
      }
    }
  }

  /// Where a path leads in the end; itself where nothing is there yet.
  static func target(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Writes bytes to a descriptor and closes it; gives the error of whichever failed.
  private static func written(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) -> CassetteError? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Libc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    var error = rest.isEmpty ? nil : failure(path)
    // A disk that is full may say so only now.
    if close(descriptor) != 0, error == nil { error = failure(path) }
    return error
  }

  private static func failure(_ path: String) -> CassetteError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return CassetteError(.system, "cannot be written: \(reason)", path: path)
  }
}
