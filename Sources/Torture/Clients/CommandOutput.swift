internal import Libc
internal import Units

/// What a child writes to its outputs, as it is read: bounded, with the times of what came.
struct CommandOutput {
  /// The most of standard output that is kept.
  let limitBytes: Int

  /// What came of standard output, at most the limit.
  private(set) var bytes: [UInt8] = []

  /// Whether more came.
  private(set) var isCut = false

  /// How much had come when; those that come close together are one.
  private(set) var marks: [(at: Instant, bytes: Int)] = []

  /// The last of standard error.
  private(set) var said: [UInt8] = []

  private static let saidBytes = 4096
  private static let markLimit = 2000
  private static let pieceBytes = 64 << 10

  init(limitBytes: Int) {
    self.limitBytes = limitBytes
  }

  /// Takes what can be read from standard output now.
  ///
  /// - Returns: whether more may come.
  mutating func take(from descriptor: Int32) -> Bool {
    let before = bytes.count
    let isOpen = Self.read(descriptor) { piece in
      let room = limitBytes - bytes.count
      bytes += piece.prefix(room)
      if piece.count > room { isCut = true }
    }
    if bytes.count > before {
      if marks.count >= Self.markLimit { marks.removeLast() }
      marks.append((.now(), bytes.count))
    }
    return isOpen
  }

  /// Takes what can be read from standard error now.
  ///
  /// - Returns: whether more may come.
  mutating func takeError(from descriptor: Int32) -> Bool {
    Self.read(descriptor) { piece in
      said += piece.suffix(Self.saidBytes)
      if said.count > Self.saidBytes { said.removeFirst(said.count - Self.saidBytes) }
    }
  }

  /// Takes the first line of what came, without its end; nil where none is whole.
  mutating func takeLine() -> [UInt8]? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = Array(bytes[..<end])
    bytes.removeFirst(end + 1)
    return line
  }

  /// Forgets the times, so that what comes now is another case's.
  mutating func forgetMarks() { marks = [] }

  /// Reads what there is, at most so much that somebody who never ends can be ended.
  private static func read(
    _ descriptor: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: pieceBytes) { buffer in
      for _ in 0..<16 {
        let count = Libc.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return errno == EAGAIN }
        if count == 0 { return false }
        body(UnsafeBufferPointer(rebasing: buffer[..<count]))
        if count < buffer.count { return true }
      }
      return true
    }
  }
}
