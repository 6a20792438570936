internal import Libc
internal import Synchronization
internal import Units

#if os(Linux)
  internal import CLinux
#endif

/// A socket that listens for connections, closed when nobody needs it any more.
package final class Listener: Sendable {
  /// What a try to accept a connection came to.
  package enum Accepted: Equatable {
    /// A connection, which does not block.
    case connection(Int32)
    /// Nobody waits.
    case none
    /// Somebody waits, but the system gives no connection: what it has for them is used up.
    case exhausted(Int32)
  }

  /// How many clients may wait to be accepted.
  package static let backlog: Int32 = 4096

  /// For how long nothing is said of clients that cannot be accepted, after it was said.
  private static let silence = Duration.seconds(60)

  /// What clients are accepted from, and what becomes readable where one waits.
  package let descriptor: Int32

  /// The port that it listens on.
  package let port: Int

  private let silentUntil = Mutex(Instant(nanoseconds: 0))

  /// Listens.
  ///
  /// - Parameters:
  ///   - host: an address or a name.
  ///   - port: the port, 0 for any that is free.
  /// - Throws: what the system, or the resolver of names, refused.
  package init(host: String, port: Int) throws(SocketAddress.Failure) {
    let address = try SocketAddress(resolving: host, port: port)
    (descriptor, self.port) = try Self.listen(on: address)
  }

  deinit {
    Libc.close(descriptor)
  }

  /// What to say of clients that cannot be accepted, but not more often than now and then.
  package func complaint(_ code: Int32) -> String? {
    let now = Instant.now()
    let isDue = silentUntil.withLock { silentUntil in
      defer { silentUntil = now + Self.silence }
      return now >= silentUntil
    }
    guard isDue else { return nil }
    return "no more clients can be accepted (\(String(cString: strerror(code)))): they wait until "
      + "others leave; raise 'ulimit -n' to let in more"
  }

  /// Takes a connection that waits.
  package func accept() -> Accepted {
    while true {
      let connection = Self.accept(descriptor)
      if connection >= 0 { return .connection(connection) }
      switch errno {
      case EAGAIN: return .none
      // The client is gone again, by a reset or what came of its route, or a signal came.
      case EINTR, ECONNABORTED, EPROTO, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH:
        continue
      // Nothing that asking again at once would end.
      default: return .exhausted(errno)
      }
    }
  }

  private static func accept(_ listener: Int32) -> Int32 {
    #if os(Linux)
      return tapedeck_accept(listener)
    #else
      let connection = Libc.accept(listener, nil, nil)
      guard connection >= 0 else { return connection }
      setNonBlocking(connection)
      return connection
    #endif
  }

  private static func listen(
    on address: SocketAddress
  ) throws(SocketAddress.Failure) -> (descriptor: Int32, port: Int) {
    #if canImport(Glibc)
      let type = Int32(SOCK_STREAM.rawValue)
    #else
      let type = SOCK_STREAM
    #endif
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { throw .system(SystemError(errno)) }
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    setNonBlocking(descriptor)
    let isBound = address.withSocketAddress { bind(descriptor, $0, $1) == 0 }
    guard isBound, Libc.listen(descriptor, backlog) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(SystemError(code))
    }
    return (descriptor, localPort(of: descriptor))
  }

  private static func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// The port stands behind the first two bytes in an address of either family, its high byte
  /// first.
  private static func localPort(of descriptor: Int32) -> Int {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { bytes in
      guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        getsockname(descriptor, address, &length) == 0
      else { return 0 }
      return Int(bytes.load(fromByteOffset: 2, as: UInt16.self).bigEndian)
    }
  }
}
