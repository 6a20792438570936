import Libc
import Synchronization

/// A server on a loopback port that plays one script per connection, byte for byte.
final class ScriptedServer: Sendable {
  enum Step: Sendable {
    /// Reads a request to the end of its head, and of its body where it has a length.
    case request
    case send(String)
    case sendBytes([UInt8])
    /// Goes on when the test calls `proceed`.
    case pause
    case wait(milliseconds: Int)
    /// Sends RST in place of FIN when the connection is closed.
    case reset
    /// Waits until the client has left.
    case hold
    /// Sends that many bytes; where the client takes none for 200 ms, `stalls` tells how many were
    /// sent.
    case flood(bytes: Int)
  }

  let port: UInt16
  private let listener: Int32
  private let signal: (read: Int32, write: Int32)
  private let scripts: [[Step]]
  private let seen = Mutex<[String]>([])
  private let stalled: AsyncStream<Int>.Continuation

  /// For each time that a flood stalled the bytes sent by then, and -1 for one that ended.
  let stalls: AsyncStream<Int>

  /// The requests as they came, in Latin-1, one a `request` step.
  var requests: [String] { seen.withLock { $0 } }

  var url: String { "http://127.0.0.1:\(port)" }

  /// Starts a server; after its scripts it accepts nothing more.
  convenience init(_ scripts: [Step]...) throws { try self.init(scripts: scripts) }

  init(scripts: [[Step]]) throws {
    self.scripts = scripts
    (stalls, stalled) = AsyncStream.makeStream(of: Int.self)
    (listener, port) = try Self.openListener()
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SocketError("pipe") }
    signal = (ends[0], ends[1])
    var thread = pthread_t()
    let life = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { context in
        context.map { Unmanaged<ScriptedServer>.fromOpaque($0).takeRetainedValue().run() }
        return nil
      }, life.toOpaque())
    guard code == 0 else { throw SocketError("pthread_create") }
    pthread_detach(thread)
  }

  /// Lets the script go on behind one `pause`.
  func proceed() { write(signal.write, "x", 1) }

  private func run() {
    for script in scripts {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      for step in script { perform(step, on: connection) }
      close(connection)
    }
    close(listener)
  }

  // Not before: `proceed` may still be called when the scripts are over.
  deinit {
    close(signal.read)
    close(signal.write)
  }

  private func perform(_ step: Step, on connection: Int32) {
    switch step {
    case .request:
      let request = Self.readRequest(from: connection)
      seen.withLock { $0.append(request) }
    case .send(let text): Self.sendAll(Array(text.utf8), to: connection)
    case .sendBytes(let bytes): Self.sendAll(bytes, to: connection)
    case .pause:
      var byte: UInt8 = 0
      read(signal.read, &byte, 1)
    case .wait(let milliseconds): poll(nil, 0, Int32(milliseconds))
    case .reset:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    case .flood(let bytes): flood(bytes, to: connection)
    case .hold:
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
    }
  }

  private func flood(_ count: Int, to connection: Int32) {
    let block = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
    var sent = 0
    while sent < count {
      var socket = pollfd(fd: connection, events: Int16(POLLOUT), revents: 0)
      if poll(&socket, 1, 200) == 0 {
        stalled.yield(sent)
        poll(&socket, 1, -1)
      }
      let size = send(
        connection, block, min(block.count, count - sent),
        Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      guard size > 0 || errno == EAGAIN else { break }
      sent += max(0, size)
    }
    stalled.yield(-1)
  }

  private static func openListener() throws -> (Int32, UInt16) {
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound, listen(descriptor, 16) == 0 else { throw SocketError("listen") }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private static func readRequest(from connection: Int32) -> String {
    var bytes: [UInt8] = []
    var wanted: Int?
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < wanted ?? .max {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      bytes += buffer[..<count]
      guard wanted == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
      let head = latin1(Array(bytes[..<end.lowerBound])).lowercased()
      let length = head.firstRange(of: "content-length: ").flatMap { range in
        Int(head[range.upperBound...].prefix { $0.isNumber })
      }
      wanted = end.upperBound + (length ?? 0)
    }
    return latin1(bytes)
  }

  private static func latin1(_ bytes: [UInt8]) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes { scalars.append(Unicode.Scalar(byte)) }
    return String(scalars)
  }

  private static func sendAll(_ bytes: [UInt8], to connection: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

struct SocketError: Error {
  let what: String
  init(_ call: String) { what = "\(call): \(String(cString: strerror(errno)))" }
}

extension ScriptedServer {
  /// A port of the loopback address on which nobody listens.
  static func closedPort() throws -> UInt16 {
    let (descriptor, port) = try openListener()
    close(descriptor)
    return port
  }

  /// One HTTP chunk.
  static func chunk(_ text: String) -> Step {
    .send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
  }

  static let chunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
}
