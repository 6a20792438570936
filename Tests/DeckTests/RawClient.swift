import Libc

/// A client that is nothing but a blocking socket on loopback, so that a test sees every byte, and
/// how the connection ended.
///
/// Its calls block their thread: tests run it through `blocking`, off the cooperative pool.
final class RawClient: Sendable {
  /// How a connection ended.
  enum End: Equatable {
    /// FIN.
    case closed
    /// RST.
    case reset
    /// Nothing came within the time that the test gives.
    case silent
  }

  /// How many times longer than on its own a deck may take that a sanitizer slows down.
  static let slowness =
    getenv("TEST_SLOWNESS").flatMap { Int64(String(cString: $0)) } ?? 1

  private let descriptor: Int32

  init(port: Int, receiveBufferBytes: Int32? = nil) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    if var size = receiveBufferBytes {
      setsockopt(
        descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw SocketError(code: errno) }
  }

  deinit {
    close(descriptor)
  }

  struct SocketError: Error {
    var code: Int32
  }

  func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Self.write(descriptor, $0) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Sends FIN: no more will be sent, but more can be read.
  func finish() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Sends RST, as a process does that is killed with something unread.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    var address = sockaddr()
    address.sa_family = sa_family_t(AF_UNSPEC)
    // A connection that is dissolved is reset at once, and the descriptor stays ours until the end.
    connect(descriptor, &address, socklen_t(MemoryLayout<sockaddr>.size))
  }

  /// Lets time pass without reading, and says whether nothing went wrong meanwhile.
  func waits(milliseconds: Int32) -> Bool {
    var none = pollfd(fd: -1, events: 0, revents: 0)
    return Self.poll(&none, milliseconds) == 0
  }

  /// Reads until `text` has come at the end of what was read, or the connection ends.
  func read(until text: String) -> String {
    var bytes: [UInt8] = []
    while !bytes.ends(with: Array(text.utf8)), case .bytes(let more) = receive(2000, atMost: 1) {
      bytes += more
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads what is there, at least a byte and at most 64 KiB; nothing at the end.
  func readSome() -> [UInt8] {
    if case .bytes(let bytes) = receive(5000, atMost: 65_536) { bytes } else { [] }
  }

  /// Reads to the end, which is silence where nothing comes for `patience` milliseconds.
  func readToEnd(patience: Int32 = 5000) -> (bytes: [UInt8], end: End) {
    var bytes: [UInt8] = []
    while true {
      switch receive(patience, atMost: 65_536) {
      case .bytes(let more): bytes += more
      case .end(let end): return (bytes, end)
      }
    }
  }

  private enum Received {
    case bytes([UInt8])
    case end(End)
  }

  private func receive(_ patience: Int32, atMost limit: Int) -> Received {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let scaled = Int32(clamping: Int64(patience) * Self.slowness)
    guard Self.poll(&poll, scaled) > 0 else { return .end(.silent) }
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = recv(descriptor, &buffer, limit, 0)
    if count > 0 { return .bytes(Array(buffer[..<count])) }
    return .end(count == 0 ? .closed : .reset)
  }

  private static func poll(_ descriptor: inout pollfd, _ patience: Int32) -> Int32 {
    Libc.poll(&descriptor, 1, patience)
  }

  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    return Libc.send(descriptor, bytes.baseAddress, bytes.count, flags)
  }
}

extension [UInt8] {
  fileprivate func ends(with other: [UInt8]) -> Bool {
    count >= other.count && self[(count - other.count)...].elementsEqual(other)
  }
}
