import Cassettes
import Libc

/// Small files that are there whole or not at all.
enum AtomicFile {
  /// Writes a file beside its place and renames it there.
  static func write(_ text: String, to path: String) throws(CassetteError) {
    let temporary = "\(path).\(getpid()).tmp"
    guard let file = fopen(temporary, "w") else {
      throw CassetteError(.system, "cannot be written: \(message())", path: path)
    }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten, rename(temporary, path) == 0 else {
      let reason = message()
      unlink(temporary)
      throw CassetteError(.system, "cannot be written: \(reason)", path: path)
    }
  }

  private static func message() -> String {
    strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  }
}
