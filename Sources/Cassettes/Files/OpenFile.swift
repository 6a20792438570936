internal import Libc

/// A regular file that is open, closed when its owner goes.
struct OpenFile: ~Copyable {
  /// What the file system says of a file.
  struct Status: Hashable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    /// The nanoseconds since 1970 of the last change.
    var modified: Int64
  }

  /// The descriptor.
  let number: CInt

  /// The path that it was opened by.
  let path: String

  deinit { close(number) }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - flags: As for open(2); the descriptor is never inherited.
  ///   - mode: The permissions of a new file.
  /// - Throws: An error of kind `noInput`, `exists` or `system`.
  init(path: String, flags: CInt, mode: UInt16 = 0o600) throws(CassetteError) {
    // Without O_NONBLOCK the open itself would wait for a pipe's other end.
    let opened = retrying { open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode)) }
    guard opened >= 0 else {
      let code = errno
      let kind: CassetteError.Kind =
        code == EEXIST ? .exists : flags & O_ACCMODE == O_RDONLY ? .noInput : .system
      throw CassetteError(kind, "cannot be opened: \(Self.text(of: code))", path: path)
    }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw CassetteError(.noInput, "is not a regular file", path: path)
    }
    number = opened
    self.path = path
  }

  /// Opens a file for reading.
  init(reading path: String) throws(CassetteError) {
    try self.init(path: path, flags: O_RDONLY)
  }

  /// The words for an error number.
  static func text(of code: CInt) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CassetteError) -> Int {
    let count = retrying { readBytes(number, buffer.baseAddress, buffer.count) }
    guard count >= 0 else {
      throw CassetteError(.noInput, "cannot be read: \(Self.text(of: errno))", path: path)
    }
    return count
  }

  /// All that is in it, wherever it stands.
  func contents() throws(CassetteError) -> [UInt8] {
    let size = try status().size
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      repeat {
        count = retrying {
          pread(number, buffer.baseAddress.map { $0 + filled }, size - filled, off_t(filled))
        }
        filled += max(0, count)
      } while count > 0 && filled < size
    }
    guard count >= 0 else { throw failure("cannot be read") }
    return bytes
  }

  /// What the file system says of it.
  func status() throws(CassetteError) -> Status {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw failure("cannot be examined") }
    return Status(status)
  }

  /// An error about this file with the reason that the system gave last.
  func failure(_ what: String) -> CassetteError {
    CassetteError(.system, "\(what): \(Self.text(of: errno))", path: path)
  }
}

extension OpenFile.Status {
  fileprivate init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    self.init(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino), size: Int(clamping: status.st_size),
      modified: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  /// The status of what is at a path, or nil where nothing is.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// Calls again while a signal interrupts the call.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// read(2), which the method of the same name would hide.
private func readBytes(_ number: CInt, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(number, base, count)
}
