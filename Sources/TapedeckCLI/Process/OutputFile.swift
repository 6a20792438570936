import Cassettes
import Libc

/// Files that a verb writes whole, in place of what was there.
enum OutputFile {
  /// Writes bytes beside their place and renames them there, or to standard output where the path
  /// is `-`.
  ///
  /// - Throws: where the system refuses, with what was there before left as it was.
  static func write(_ bytes: [UInt8], to path: String) throws(CassetteError) {
    guard path != "-" else { return Console.write(bytes) }
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
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
    if error == nil, rename(temporary, path) != 0 { error = failure(path) }
    guard let error else { return }
    unlink(temporary)
    throw error
  }

  private static func failure(_ path: String) -> CassetteError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return CassetteError(.system, "cannot be written: \(reason)", path: path)
  }
}
