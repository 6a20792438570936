internal import Libc

#if os(Linux)
  internal import CLinux
#endif

/// What a socket can do, or is watched for.
struct SocketReadiness: OptionSet {
  let rawValue: Int32
  static let read = SocketReadiness(rawValue: 1)
  static let write = SocketReadiness(rawValue: 2)
}

#if os(Linux)
  /// Tells which of many sockets can be read or written, at a cost that does not grow with those
  /// that cannot.
  struct SocketPoller: ~Copyable {
    /// How many sockets one wait tells of at most; the others come with the next.
    private static let batch = 256

    private let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>

    init() throws(RecordingError) {
      descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
      events = .allocate(capacity: Self.batch)
      guard descriptor >= 0 else { throw .system("refused to watch sockets") }
    }

    deinit {
      if descriptor >= 0 { close(descriptor) }
      events.deallocate()
    }

    /// Watches a socket for that and nothing else.
    mutating func watch(_ socket: Int32, for readiness: SocketReadiness) {
      var event = epoll_event()
      event.events =
        (readiness.contains(.read) ? EPOLLIN.rawValue : 0)
        | (readiness.contains(.write) ? EPOLLOUT.rawValue : 0)
      event.data.fd = socket
      if epoll_ctl(descriptor, EPOLL_CTL_MOD, socket, &event) != 0 {
        epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event)
      }
    }

    mutating func forget(_ socket: Int32) {
      var event = epoll_event()
      epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
    }

    /// Waits until a socket can be read or written, or the time is over.
    mutating func wait(milliseconds: Int32) -> [Ready] {
      let count = epoll_wait(descriptor, events, Int32(Self.batch), milliseconds)
      return (0..<max(0, Int(count))).map { index in
        let event = events[index]
        // Both ways, so that whatever libcurl is about finds the error itself.
        let isBroken = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        var readiness: SocketReadiness = isBroken ? [.read, .write] : []
        if event.events & EPOLLIN.rawValue != 0 { readiness.insert(.read) }
        if event.events & EPOLLOUT.rawValue != 0 { readiness.insert(.write) }
        return (event.data.fd, readiness)
      }
    }
  }
#else
  /// Tells which of many sockets can be read or written.
  struct SocketPoller: ~Copyable {
    private var watched: [Int32: SocketReadiness] = [:]

    init() throws(RecordingError) {}

    /// Watches a socket for that and nothing else.
    mutating func watch(_ socket: Int32, for readiness: SocketReadiness) {
      watched[socket] = readiness
    }

    mutating func forget(_ socket: Int32) { watched[socket] = nil }

    /// Waits until a socket can be read or written, or the time is over.
    mutating func wait(milliseconds: Int32) -> [Ready] {
      var sockets = watched.map { socket, readiness in
        pollfd(
          fd: socket,
          events: Int16(readiness.contains(.read) ? POLLIN : 0)
            | Int16(readiness.contains(.write) ? POLLOUT : 0), revents: 0)
      }
      guard poll(&sockets, nfds_t(sockets.count), milliseconds) > 0 else { return [] }
      return sockets.filter { $0.revents != 0 }.map { socket in
        let events = Int32(socket.revents)
        // Both ways, so that whatever libcurl is about finds the error itself.
        let isBroken = events & ~Int32(POLLIN | POLLOUT) != 0
        var readiness: SocketReadiness = isBroken ? [.read, .write] : []
        if events & Int32(POLLIN) != 0 { readiness.insert(.read) }
        if events & Int32(POLLOUT) != 0 { readiness.insert(.write) }
        return (socket.fd, readiness)
      }
    }
  }
#endif

extension SocketPoller {
  /// A socket, and what it can do.
  typealias Ready = (socket: Int32, readiness: SocketReadiness)
}

extension RecordingError {
  /// What the system refused, with its reason.
  static func system(_ what: String) -> RecordingError {
    RecordingError(
      "the system \(what): \(strerror(errno).map { String(cString: $0) } ?? "no reason")")
  }
}
