import Foundation
import Libc
import Synchronization

/// A server on loopback that does to each connection what a test writes down, byte for byte.
final class ScriptedServer: Sendable {
  /// What is done to a connection, and which one it is, from 0; it is closed at the end.
  typealias Script = @Sendable (_ client: Client, _ index: Int) -> Void

  /// One connection; its calls block.
  struct Client {
    fileprivate let descriptor: Int32

    /// Reads a request up to the end of its body; nil where the client is gone.
    func request() -> String? {
      var text = ""
      while !text.contains("\r\n\r\n") {
        guard let more = receive() else { return nil }
        text += more
      }
      let parts = text.components(separatedBy: "\r\n\r\n")
      let length = parts[0].lowercased().components(separatedBy: "content-length: ").dropFirst()
        .first
      let bytes = length.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
      while text.utf8.count < parts[0].utf8.count + 4 + bytes {
        guard let more = receive() else { return nil }
        text += more
      }
      return text
    }

    private func receive() -> String? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// Sends bytes; whether the client is still there.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
      var rest = Array(bytes)[...]
      while !rest.isEmpty {
        #if canImport(Darwin)
          let flags: Int32 = 0
        #else
          let flags = Int32(MSG_NOSIGNAL)
        #endif
        let count = rest.withUnsafeBytes { Libc.send(descriptor, $0.baseAddress, $0.count, flags) }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(text.utf8) }

    func pause(milliseconds: Double) { Thread.sleep(forTimeInterval: milliseconds / 1000) }

    /// Waits until the client has closed its side.
    func waitForEnd() { while receive() != nil {} }

    /// Has the end be a RST in place of a FIN.
    func resetsAtEnd() {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
  }

  /// The port that it listens on.
  let port: Int
  private let descriptor: Int32
  private let isOver: Flag

  private final class Flag: Sendable {
    let value = Atomic(false)
  }

  init(_ script: @escaping Script) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 1024) == 0
          && getsockname(descriptor, address, &length) == 0
          ? 0 : errno
      }
    }
    guard code == 0 else { throw POSIXError(.init(rawValue: code) ?? .EIO) }
    port = Int(UInt16(bigEndian: address.sin_port))
    let flag = Flag()
    isOver = flag
    Thread.detachNewThread { Self.accept(descriptor, flag, script) }
  }

  deinit { isOver.value.store(true, ordering: .relaxed) }

  private static func accept(_ listener: Int32, _ isOver: Flag, _ script: @escaping Script) {
    var index = 0
    while !isOver.value.load(ordering: .relaxed) {
      var wait = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 20) > 0 else { continue }
      let connection = Libc.accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      var yes: Int32 = 1
      setsockopt(
        connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      let number = index
      index += 1
      Thread.detachNewThread {
        script(Client(descriptor: connection), number)
        close(connection)
      }
    }
    close(listener)
  }
}
