import Cassettes
import Libc

/// Files that are there whole or not at all.
enum AtomicFile {
  /// Writes a text beside its place and renames it there.
  static func write(_ text: String, to path: String) throws(CassetteError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes bytes beside their place and renames them there; what stands there is replaced, and
  /// stays where they cannot be written.
  static func write(_ bytes: [UInt8], to path: String) throws(CassetteError) {
    let temporary = "\(path).\(getpid()).tmp"
    guard let file = fopen(temporary, "w") else {
      throw CassetteError(.system, "cannot be written: \(message())", path: path)
    }
    let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
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

/// Where a page or a picture goes: a file, or standard output as `-`.
enum PageOutput {
  /// Writes it whole or not at all.
  static func write(_ bytes: [UInt8], to path: String) throws(CassetteError) {
    guard path == "-" else { return try AtomicFile.write(bytes, to: path) }
    Console.write(bytes)
  }
}
