import Cassettes
import Documents
import Libc

/// A file that is read piece by piece, inflated where it is compressed with gzip.
final class InputFeed {
  private let path: String
  private let descriptor: Int32
  /// What was read to look at, and not taken yet.
  private var held: [UInt8] = []
  private var decoder: ContentDecoder?

  /// The most bytes that are read at a time.
  private static let pieceBytes = 256 << 10

  /// Opens a file, or takes standard input where the path is `-`.
  ///
  /// - Throws: where it cannot be opened, or is a folder.
  init(_ path: String) throws {
    self.path = path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
    held = try readSome(2)
    if held.starts(with: [0x1F, 0x8B]) {
      decoder = ContentDecoder(coding: "gzip")
    }
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  /// The first bytes, which stay to be read.
  func opening(limitBytes: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limitBytes {
      let more = try next(limitBytes - bytes.count)
      if more.isEmpty { break }
      bytes += more
    }
    returned = bytes
    return bytes
  }

  /// What was inflated and is handed out before anything else.
  private var returned: [UInt8] = []

  /// The next bytes: at most as many as are asked for, none at the end.
  func next(_ limitBytes: Int) throws -> [UInt8] {
    while true {
      if !returned.isEmpty {
        guard returned.count > limitBytes else {
          defer { returned = [] }
          return returned
        }
        defer { returned.removeFirst(limitBytes) }
        return Array(returned.prefix(limitBytes))
      }
      let raw = try rawPiece(decoder == nil ? limitBytes : 16 << 10)
      guard !raw.isEmpty else {
        guard decoder?.isWhole ?? true else {
          throw Failure(.badData, "\(path): the gzip file ends before its end: it was cut")
        }
        return []
      }
      guard let step = decoder?.decode(raw) else { return raw }
      if let failure = step.failure { throw Failure(.badData, "\(path): gzip: \(failure)") }
      returned = step.bytes
    }
  }

  private func rawPiece(_ limitBytes: Int) throws -> [UInt8] {
    guard held.isEmpty else {
      defer { held = [] }
      return held
    }
    return try readSome(min(limitBytes, Self.pieceBytes))
  }

  /// Reads until there are some bytes, as many as are asked for where they are to be had at once.
  private func readSome(_ count: Int) throws -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      repeat {
        let got = Libc.read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
        if got < 0, errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { break }
        filled += got
      } while filled < min(count, 2)
    }
    if failed { throw Self.failure(path) }
    return bytes
  }

  private static func failure(_ path: String) -> Failure {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return Failure(.noInput, "\(path): cannot be read: \(reason)")
  }
}
