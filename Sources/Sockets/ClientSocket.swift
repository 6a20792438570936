internal import Libc
package import Units

/// The socket of a connection that this side opens, which never blocks: bytes out, bytes in.
package struct ClientSocket: ~Copyable {
  /// What a read came to.
  package enum Received {
    case bytes(Int)
    /// Nothing is there for now.
    case nothing
    /// The peer sends no more.
    case end
    case failure(SystemError)
  }

  /// What a write came to.
  package enum Sent {
    /// So many bytes were taken; 0 where none can be for now.
    case bytes(Int)
    case failure(SystemError)
  }

  /// What the poller watches.
  package let descriptor: Int32

  /// Begins to connect.
  ///
  /// - Throws: what the system refuses at once; most of it shows with the first write or read.
  package init(connectingTo address: SocketAddress) throws(SystemError) {
    let opened = Self.open(address)
    guard opened.descriptor >= 0 else { throw SystemError(opened.code) }
    descriptor = opened.descriptor
  }

  private static func open(_ address: SocketAddress) -> (descriptor: Int32, code: Int32) {
    #if canImport(Glibc)
      let type = Int32(SOCK_STREAM.rawValue)
    #else
      let type = SOCK_STREAM
    #endif
    #if os(Linux)
      let descriptor = socket(address.family, type | traits, 0)
    #else
      let descriptor = socket(address.family, type, 0)
    #endif
    guard descriptor >= 0 else { return (-1, errno) }
    #if !os(Linux)
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #endif
    var yes: Int32 = 1
    let length = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, length)
    #if canImport(Darwin)
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, length)
    #endif
    let isBegun = address.withSocketAddress { connect(descriptor, $0, $1) == 0 }
    guard isBegun || errno == EINPROGRESS || errno == EINTR else {
      let code = errno
      close(descriptor)
      return (-1, code)
    }
    return (descriptor, 0)
  }

  deinit { close(descriptor) }

  #if canImport(Glibc)
    private static let traits = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  #elseif os(Linux)
    private static let traits = SOCK_NONBLOCK | SOCK_CLOEXEC
  #endif

  /// Hands bytes to the kernel; while the connection comes about it takes none.
  package borrowing func send(_ bytes: UnsafeRawBufferPointer) -> Sent {
    while true {
      let count = Libc.send(descriptor, bytes.baseAddress, bytes.count, SendFlags.now)
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN, EALREADY, EINPROGRESS: return .bytes(0)
      #if canImport(Darwin)
        case ENOTCONN: return .bytes(0)
      #endif
      default: return .failure(SystemError(errno))
      }
    }
  }

  /// Takes what the kernel has, as far as there is room.
  package borrowing func receive(into room: UnsafeMutableRawBufferPointer) -> Received {
    while true {
      let count = recv(descriptor, room.baseAddress, room.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .nothing
      default: return .failure(SystemError(errno))
      }
    }
  }
}
