internal import Libc
internal import Units

#if os(Linux)
  internal import CLinux

  /// Tells what becomes possible on the sockets of one event loop, once each time: what is not read
  /// then must be remembered by whoever leaves it. (epoll, edge-triggered)
  struct Poller: ~Copyable {
    /// How many sockets one wait tells of at most; the others come with the next, behind what is
    /// due.
    private static let batch = 16

    /// What a socket is watched for, all its life: to change that would be a system call each time.
    private static let everything =
      EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | TAPEDECK_EPOLLET

    private let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>

    init() throws {
      descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
      events = .allocate(capacity: Self.batch)
      guard descriptor >= 0 else { throw SystemError(errno) }
    }

    deinit {
      if descriptor >= 0 { close(descriptor) }
      events.deallocate()
    }

    /// Watches a socket until it is closed, and returns whether the system does.
    func watch(_ socket: Int32, as id: Connections.ID) -> Bool {
      add(socket, events: Self.everything, as: id)
    }

    /// Watches a descriptor that loops share for what can be read: one of those that wait is told,
    /// and told again until there is nothing.
    func watchShared(_ descriptor: Int32, as id: Connections.ID) -> Bool {
      add(descriptor, events: EPOLLIN.rawValue | TAPEDECK_EPOLLEXCLUSIVE, as: id)
    }

    private func add(_ socket: Int32, events: UInt32, as id: Connections.ID) -> Bool {
      var event = epoll_event()
      event.events = events
      event.data.u64 = id.bits
      return epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0
    }

    /// Watches a descriptor no more.
    func forget(_ socket: Int32) {
      var event = epoll_event()
      epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
    }

    /// Waits until something happens or the time is over.
    ///
    /// - Parameter nanoseconds: 0 for not at all, less for as long as it takes.
    /// - Returns: on how many sockets something has happened.
    func wait(nanoseconds: Int64) -> Int {
      max(0, Int(tapedeck_epoll_wait(descriptor, events, Int32(Self.batch), nanoseconds)))
    }

    /// One of those that the last wait told of.
    subscript(index: Int) -> (id: Connections.ID, readiness: Readiness) {
      let event = events[index]
      var readiness: Readiness = []
      if event.events & EPOLLIN.rawValue != 0 { readiness.insert(.read) }
      if event.events & EPOLLOUT.rawValue != 0 { readiness.insert(.write) }
      if event.events & EPOLLRDHUP.rawValue != 0 { readiness.formUnion([.read, .end]) }
      if event.events & EPOLLHUP.rawValue != 0 { readiness.formUnion([.read, .end, .hangUp]) }
      if event.events & EPOLLERR.rawValue != 0 { readiness.formUnion([.read, .end, .failure]) }
      return (Connections.ID(bits: event.data.u64), readiness)
    }

    /// Lets the waits of this thread end on time.
    static func beginThread() {
      tapedeck_set_timer_slack(1000)
    }
  }
#else
  /// Tells what becomes possible on the sockets of one event loop, once each time: what is not read
  /// then must be remembered by whoever leaves it. (kqueue, EV_CLEAR)
  struct Poller: ~Copyable {
    private static let batch = 16

    private let descriptor: Int32
    private let events: UnsafeMutablePointer<kevent>

    init() throws {
      descriptor = kqueue()
      events = .allocate(capacity: Self.batch)
      guard descriptor >= 0 else { throw SystemError(errno) }
    }

    deinit {
      if descriptor >= 0 { close(descriptor) }
      events.deallocate()
    }

    /// Watches a socket until it is closed, and returns whether the system does.
    func watch(_ socket: Int32, as id: Connections.ID) -> Bool {
      change(socket, EVFILT_READ, EV_ADD | EV_CLEAR, id)
        && change(socket, EVFILT_WRITE, EV_ADD | EV_CLEAR, id)
    }

    /// Watches a descriptor that loops share for what can be read: they are told until there is
    /// nothing.
    func watchShared(_ descriptor: Int32, as id: Connections.ID) -> Bool {
      change(descriptor, EVFILT_READ, EV_ADD, id)
    }

    /// Watches a descriptor no more.
    func forget(_ socket: Int32) {
      _ = change(socket, EVFILT_READ, EV_DELETE, Connections.ID(bits: 0))
    }

    private func change(
      _ socket: Int32, _ filter: Int32, _ flags: Int32, _ id: Connections.ID
    ) -> Bool {
      var change = kevent(
        ident: UInt(bitPattern: Int(socket)), filter: Int16(filter), flags: UInt16(flags),
        fflags: 0, data: 0, udata: UnsafeMutableRawPointer(bitPattern: UInt(id.bits)))
      return kevent(descriptor, &change, 1, nil, 0, nil) == 0
    }

    /// Waits until something happens or the time is over.
    ///
    /// - Parameter nanoseconds: 0 for not at all, less for as long as it takes.
    /// - Returns: on how many sockets something has happened.
    func wait(nanoseconds: Int64) -> Int {
      var time = timespec(
        tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
      let capacity = Int32(Self.batch)
      let count =
        nanoseconds < 0
        ? kevent(descriptor, nil, 0, events, capacity, nil)
        : kevent(descriptor, nil, 0, events, capacity, &time)
      return max(0, Int(count))
    }

    /// One of those that the last wait told of.
    subscript(index: Int) -> (id: Connections.ID, readiness: Readiness) {
      let event = events[index]
      let hasEnded = Int32(event.flags) & EV_EOF != 0
      let isOutput = Int32(event.filter) == EVFILT_WRITE
      var readiness: Readiness = isOutput ? .write : .read
      if hasEnded { readiness.formUnion(isOutput ? [.read, .end, .hangUp] : [.read, .end]) }
      if hasEnded, event.fflags != 0 { readiness.insert(.failure) }
      return (Connections.ID(bits: UInt64(UInt(bitPattern: event.udata))), readiness)
    }

    /// Lets the waits of this thread end on time, as they do here.
    static func beginThread() {}
  }
#endif
