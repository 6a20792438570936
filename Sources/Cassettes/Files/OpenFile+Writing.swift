internal import Libc

extension OpenFile {
  /// Creates a file that was not there, for its owner alone.
  init(creating path: String) throws(CassetteError) {
    try self.init(path: path, flags: O_RDWR | O_CREAT | O_EXCL)
  }

  /// Opens a file that is there, for reading and writing, or returns nil where nothing is.
  static func existing(_ path: String) throws(CassetteError) -> OpenFile? {
    guard Status(path: path) != nil else { return nil }
    return try OpenFile(path: path, flags: O_RDWR)
  }

  /// Opens a file that is added to, and creates it for its owner alone where it is not there.
  init(appendingTo path: String) throws(CassetteError) {
    try self.init(path: path, flags: O_WRONLY | O_CREAT | O_APPEND)
  }

  /// Waits for the lock that only one open file has at a time.
  func lock() throws(CassetteError) {
    guard retrying({ flock(number, LOCK_EX) }) == 0 else { throw failure("cannot be locked") }
  }

  /// Takes the lock if nobody has it, and says whether it did.
  func tryLock() -> Bool {
    retrying { flock(number, LOCK_EX | LOCK_NB) } == 0
  }

  /// Lets others have the lock.
  func unlock() { flock(number, LOCK_UN) }

  /// Writes behind the file's end, all that is to be written or nothing.
  ///
  /// - Throws: What the writing throws; the file then has its old length again.
  func appending(
    _ writing: (borrowing OpenFile) throws(CassetteError) -> Void
  ) throws(CassetteError) {
    guard lseek(number, 0, SEEK_END) >= 0 else { throw failure("cannot be written") }
    let size = try status().size
    do throws(CassetteError) {
      try writing(self)
    } catch {
      ftruncate(number, off_t(size))
      throw error
    }
  }

  /// Writes bytes where the file stands.
  func write(_ bytes: [UInt8]) throws(CassetteError) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        retrying { writeBytes(number, bytes.baseAddress.map { $0 + offset }, bytes.count - offset) }
      }
      guard count > 0 else { throw failure("cannot be written") }
      offset += count
    }
  }

  /// Writes some of its bytes where another file stands.
  func copy(_ range: Range<Int>, to target: borrowing OpenFile) throws(CassetteError) {
    try seek(to: range.lowerBound)
    var left = range.count
    while left > 0 {
      let bytes = try bytes(upTo: min(left, 256 << 10))
      guard !bytes.isEmpty else {
        throw CassetteError(.system, "became shorter while it was locked", path: path)
      }
      try target.write(bytes)
      left -= bytes.count
    }
  }

  /// Cuts the file, and goes to its end.
  func truncate(to size: Int) throws(CassetteError) {
    guard ftruncate(number, off_t(size)) == 0, lseek(number, off_t(size), SEEK_SET) >= 0 else {
      throw failure("cannot be written")
    }
  }

  /// Moves to an offset from the file's beginning.
  func seek(to offset: Int) throws(CassetteError) {
    guard lseek(number, off_t(offset), SEEK_SET) >= 0 else { throw failure("cannot be read") }
  }

  /// Waits until everything written is on the disk.
  func sync() throws(CassetteError) {
    guard retrying({ fsync(number) }) == 0 else { throw failure("cannot be written to disk") }
  }

  /// Gives it the permissions of another file and, as far as that is allowed, its owner.
  func copyPermissions(of other: borrowing OpenFile) {
    var status = stat()
    guard fstat(other.number, &status) == 0 else { return }
    // Before the permissions, of which a change of the owner takes some away.
    _ = fchown(number, status.st_uid, status.st_gid)
    fchmod(number, status.st_mode & 0o7777)
  }
}

/// write(2), which the method of the same name would hide.
private func writeBytes(_ number: CInt, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
  write(number, base, count)
}
