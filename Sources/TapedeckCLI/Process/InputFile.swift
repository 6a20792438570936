import Cassettes
import Libc

/// Files that a verb reads whole.
enum InputFile {
  /// The bytes of a file, or of standard input where the path is `-`.
  ///
  /// - Throws: where it cannot be read, or holds more than the limit.
  static func read(_ path: String, limitBytes: Int) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
      throw Failure(.noInput, "\(path): cannot be read: \(reason)")
    }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = readOnce(descriptor, &buffer)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        throw Failure(.noInput, "\(path): cannot be read: \(reason)")
      }
      guard bytes.count + count <= limitBytes else {
        throw Failure(.usage, "\(path): holds more than \(TextForm.grouped(limitBytes)) bytes")
      }
      bytes += buffer[..<count]
    }
  }

  private static func readOnce(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    Libc.read(descriptor, &buffer, buffer.count)
  }
}
