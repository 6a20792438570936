import Cassettes
import Libc

/// A file that grows beside its place and takes it once it is whole, or standard output.
struct OutputDraft: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  /// How many bytes were written.
  private(set) var count = 0

  /// Begins a file; standard output where the path is `-`.
  init(_ path: String) throws(CassetteError) {
    self.path = path
    guard path != "-" else {
      temporary = ""
      descriptor = -1
      return
    }
    temporary = "\(OutputFile.target(of: path)).\(getpid()).tmp"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  /// Adds bytes at the end.
  mutating func write(_ bytes: [UInt8]) throws(CassetteError) {
    count += bytes.count
    guard descriptor >= 0 else { return Console.write(bytes) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Libc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts the file in its place.
  ///
  /// - Parameter replaces: Whether it may take the place of another one.
  /// - Returns: Whether it did; not where another one came there meanwhile, which stays.
  /// - Throws: where the system refuses.
  consuming func commit(replacing replaces: Bool) throws(CassetteError) -> Bool {
    guard descriptor >= 0 else { return true }
    let place = OutputFile.target(of: path)
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure(path) }
    if replaces {
      guard rename(temporary, place) == 0 else { throw Self.failure(path) }
      return true
    }
    // Unlike rename(2), it never takes the place of what came there meanwhile.
    if link(temporary, place) == 0 { return true }
    guard errno == EEXIST else { throw Self.failure(path) }
    return false
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  private static func failure(_ path: String) -> CassetteError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return CassetteError(.system, "cannot be written: \(reason)", path: path)
  }
}
