package import Cassettes
internal import Libc
package import Loading
internal import Synchronization

/// The file of `--per-request`: a line of JSON for each stream, compressed where its name ends in
/// `.gz`; it is written while the run goes on, so that a run which breaks off has left its part.
package final class StreamRecordFile: Sendable {
  private struct State: ~Copyable {
    var gzip: GzipStream?
    var isFinished = false
    var failure: CassetteError?
  }

  private let descriptor: CInt
  private let path: String
  private let state: Mutex<State>

  /// Creates the file, or empties the one that is there.
  ///
  /// - Parameter path: Where it is to be.
  /// - Throws: where the system refuses, or zlib has no memory.
  package init(_ path: String) throws(CassetteError) {
    self.path = path
    let gzip = path.hasSuffix(".gz") ? try GzipStream() : nil
    state = Mutex(State(gzip: gzip))
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Writes the records of some streams; any thread may call it but one that keeps time.
  ///
  /// What cannot be written is said by `finish`.
  package func write(_ records: [StreamRecord]) {
    var lines: [UInt8] = []
    for record in records { record.appendLine(to: &lines) }
    state.withLock { state in
      guard state.failure == nil, !state.isFinished else { return }
      do throws(CassetteError) {
        var bytes: [UInt8] = []
        if state.gzip == nil { bytes = lines } else { try state.gzip?.append(lines, to: &bytes) }
        try Self.write(bytes, to: descriptor, path)
      } catch {
        state.failure = error
      }
    }
  }

  /// Writes what is still held back.
  ///
  /// - Throws: the first error there was.
  package func finish() throws(CassetteError) {
    let failure = state.withLock { state -> CassetteError? in
      guard state.failure == nil, !state.isFinished else { return state.failure }
      state.isFinished = true
      do throws(CassetteError) {
        var bytes: [UInt8] = []
        try state.gzip?.finish(to: &bytes)
        try Self.write(bytes, to: descriptor, path)
      } catch {
        state.failure = error
      }
      return state.failure
    }
    if let failure { throw failure }
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: CInt, _ path: String
  ) throws(CassetteError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Libc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ path: String) -> CassetteError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return CassetteError(.system, "cannot be written: \(reason)", path: path)
  }
}
