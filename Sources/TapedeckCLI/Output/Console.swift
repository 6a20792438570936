import Libc

/// The two outputs of the program: results on standard output, the rest on standard error.
enum Console {
  /// Whether standard error is a terminal, so that somebody watches progress.
  static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether standard output is a terminal, so that a person reads the results.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes a line for a person that says nothing of the program itself.
  static func note(_ line: String) {
    _ = write(Array("\(line)\n".utf8)[...], to: STDERR_FILENO)
  }

  /// Writes a line of result.
  static func print(_ line: String) {
    write(Array((line + "\n").utf8))
  }

  /// Writes bytes of result; ends the program where they cannot be written, and quietly where
  /// nobody reads them any more.
  static func write(_ bytes: [UInt8]) {
    if write(bytes[...], to: STDOUT_FILENO) { return }
    let code = errno
    if code == EPIPE { exit(0) }
    warn("standard output cannot be written: \(String(cString: strerror(code)))")
    exit(Failure.Code.didNotHold.rawValue)
  }

  /// Writes a line for a person.
  static func warn(_ line: String) {
    let line = line.split(whereSeparator: \.isNewline).joined(separator: " ")
    let name = Terminal.error.styled("tapedeck:", .bold)
    _ = write(Array("\(name) \(line)\n".utf8)[...], to: STDERR_FILENO)
  }

  /// Shows the state of what is going on, in place of what was shown before.
  static func progress(_ text: String) {
    guard isWatched else { return }
    // A line that went on in the next one could not be taken away again.
    let text = Terminal.error.fitted(text, after: 1)
    _ = write(Array("\r\u{1B}[K\(text)".utf8)[...], to: STDERR_FILENO)
  }

  /// Writes what draws on the terminal of standard error, as it is.
  static func draw(_ text: String) {
    _ = write(Array(text.utf8)[...], to: STDERR_FILENO)
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.writeOnce(descriptor, $0) }
      if count < 0 {
        guard errno == EINTR || errno == EAGAIN else { return false }
        // Somebody made it non-blocking, and it is full.
        if errno == EAGAIN { waitUntilWritable(descriptor) }
        continue
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func waitUntilWritable(_ descriptor: Int32) {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&wanted, 1, -1)
  }

  private static func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    Libc.write(descriptor, bytes.baseAddress, bytes.count)
  }
}
