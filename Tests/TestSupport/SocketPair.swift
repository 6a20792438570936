internal import Libc

/// Two sockets that are connected: one to be served, which whoever serves it closes, and the
/// client's.
package final class SocketPair {
  /// The end that is served.
  package let served: Int32
  private var client: Int32

  /// Why there are no two sockets.
  package struct Failure: Error {
    /// The system's number for the reason.
    package let code: Int32
  }

  /// Connects two sockets that do not block.
  package init() throws {
    #if canImport(Glibc)
      let type = Int32(SOCK_STREAM.rawValue)
    #else
      let type = SOCK_STREAM
    #endif
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure(code: errno) }
    (served, client) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit { leave() }

  /// Closes the client's socket.
  package func leave() {
    if client >= 0 { close(client) }
    client = -1
  }

  /// Sends FIN.
  package func finish() {
    shutdown(client, Int32(SHUT_WR))
  }

  /// Sends a text, which fits into the socket.
  package func send(_ text: String) {
    let count = Array(text.utf8).withUnsafeBytes { write(client, $0.baseAddress, $0.count) }
    precondition(count == text.utf8.count, "a text that a socket takes at once")
  }

  /// What is there for the client.
  package func bytes() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = bytes.withUnsafeMutableBytes { read(client, $0.baseAddress, $0.count) }
    return Array(bytes[..<max(0, count)])
  }

  /// Whether the client has seen the end.
  package var hasEnded: Bool {
    var byte: UInt8 = 0
    return read(client, &byte, 1) == 0
  }
}
