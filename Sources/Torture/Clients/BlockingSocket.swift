internal import Libc
internal import Units

/// A connection that its thread waits for.
struct BlockingSocket: ~Copyable {
  /// What came of waiting for more.
  enum Received {
    case some, end, reset, timeout
  }

  private let descriptor: Int32

  private static let pieceBytes = 64 << 10

  /// Connects to an address of loopback; nil where nobody listens there.
  init?(host: String, port: Int) {
    guard let descriptor = Self.connected(host, port) else { return nil }
    self.descriptor = descriptor
  }

  private static func connected(_ host: String, _ port: Int) -> Int32? {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICSERV
    hints.ai_socktype = kind
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0 else { return nil }
    defer { freeaddrinfo(found) }
    guard let address = found?.pointee else { return nil }
    let descriptor = socket(address.ai_family, kind, 0)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  deinit { close(descriptor) }

  /// Sends bytes; false where the connection is gone.
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        #if canImport(Darwin)
          Libc.send(descriptor, $0.baseAddress, $0.count, 0)
        #else
          Libc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Adds what comes next, and waits for it until a deadline.
  func receive(into bytes: inout [UInt8], until deadline: Instant) -> Received {
    guard waits(until: deadline) else { return .timeout }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceBytes) { buffer in
      while true {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count == 0 ? .end : .reset }
        bytes += UnsafeBufferPointer(rebasing: buffer[..<count])
        return .some
      }
    }
  }

  /// Whether something can be read already.
  var hasMore: Bool { waits(until: Instant(nanoseconds: 0)) }

  private func waits(until deadline: Instant) -> Bool {
    let left = max(0, deadline.nanoseconds(since: .now()))
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, Int32(clamping: (left &+ 999_999) / 1_000_000)) > 0
  }

  /// Waits without doing anything.
  static func sleep(_ duration: Duration) {
    let deadline = Instant.now() + duration
    while true {
      let left = deadline.nanoseconds(since: .now())
      guard left > 0 else { return }
      var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      nanosleep(&time, nil)
    }
  }
}
