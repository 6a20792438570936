import Libc
import Testing

/// Two sockets that are connected: one to be served, which whoever serves it closes, and the
/// client's.
final class SocketPair {
  let served: Int32
  private var client: Int32

  init() throws {
    #if canImport(Glibc)
      let type = Int32(SOCK_STREAM.rawValue)
    #else
      let type = SOCK_STREAM
    #endif
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    (served, client) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit { leave() }

  /// Closes the client's socket.
  func leave() {
    if client >= 0 { close(client) }
    client = -1
  }

  /// Sends FIN.
  func finish() {
    shutdown(client, Int32(SHUT_WR))
  }

  func send(_ text: String) {
    let count = Array(text.utf8).withUnsafeBytes { write(client, $0.baseAddress, $0.count) }
    #expect(count == text.utf8.count)
  }

  /// What is there for the client.
  func bytes() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = bytes.withUnsafeMutableBytes { read(client, $0.baseAddress, $0.count) }
    return Array(bytes[..<max(0, count)])
  }

  /// Whether the client has seen the end.
  var hasEnded: Bool {
    var byte: UInt8 = 0
    return read(client, &byte, 1) == 0
  }
}
