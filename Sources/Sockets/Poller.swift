internal import Libc
package import Units

#if os(Linux)
  internal import CLinux

  /// Tells one thread what its sockets can do, at a cost that does not grow with those that can do
  /// nothing. (epoll)
  ///
  /// What is watched without a wish is told of once each time it becomes possible: what is not read
  /// then must be remembered by whoever leaves it. What is watched for something is told of for as
  /// long as it is possible.
  package struct Poller: ~Copyable {
    /// What a socket is watched for, all its life: to change that would be a system call each time.
    private static let everything =
      EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | TAPEDECK_EPOLLET

    private let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    private let batch: Int

    /// Watches nothing yet.
    ///
    /// - Parameter batch: how many sockets one wait tells of at most; the others come with the
    ///   next, behind what is due.
    /// - Throws: what the system refused.
    package init(batch: Int = 16) throws(SystemError) {
      self.batch = max(1, batch)
      descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
      events = .allocate(capacity: self.batch)
      guard descriptor >= 0 else { throw SystemError(errno) }
    }

    deinit {
      if descriptor >= 0 { close(descriptor) }
      events.deallocate()
    }

    /// Watches a socket until it is closed, and returns whether the system does.
    package func watch(_ socket: Int32, as id: UInt64) -> Bool {
      add(socket, events: Self.everything, as: id)
    }

    /// Watches a descriptor that loops share for what can be read: one of those that wait is told,
    /// and told again until there is nothing.
    package func watchShared(_ descriptor: Int32, as id: UInt64) -> Bool {
      add(descriptor, events: EPOLLIN.rawValue | TAPEDECK_EPOLLEXCLUSIVE, as: id)
    }

    /// Watches a socket for that and nothing else, be it watched already or not, and returns
    /// whether the system does.
    package func watch(_ socket: Int32, for wish: Readiness, as id: UInt64) -> Bool {
      var event = epoll_event()
      event.events =
        (wish.contains(.read) ? EPOLLIN.rawValue : 0)
        | (wish.contains(.write) ? EPOLLOUT.rawValue : 0)
      event.data.u64 = id
      return epoll_ctl(descriptor, EPOLL_CTL_MOD, socket, &event) == 0
        || epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0
    }

    private func add(_ socket: Int32, events: UInt32, as id: UInt64) -> Bool {
      var event = epoll_event()
      event.events = events
      event.data.u64 = id
      return epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0
    }

    /// Watches a descriptor no more.
    package func forget(_ socket: Int32) {
      var event = epoll_event()
      epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
    }

    /// Waits until something happens or the time is over.
    ///
    /// - Parameter nanoseconds: 0 for not at all, less for as long as it takes.
    /// - Returns: on how many sockets something has happened.
    package func wait(nanoseconds: Int64) -> Int {
      max(0, Int(tapedeck_epoll_wait(descriptor, events, Int32(batch), nanoseconds)))
    }

    /// One of those that the last wait told of.
    package subscript(index: Int) -> (id: UInt64, readiness: Readiness) {
      let event = events[index]
      var readiness: Readiness = []
      if event.events & EPOLLIN.rawValue != 0 { readiness.insert(.read) }
      if event.events & EPOLLOUT.rawValue != 0 { readiness.insert(.write) }
      if event.events & EPOLLRDHUP.rawValue != 0 { readiness.formUnion([.read, .end]) }
      if event.events & EPOLLHUP.rawValue != 0 { readiness.formUnion([.read, .end, .hangUp]) }
      if event.events & EPOLLERR.rawValue != 0 { readiness.formUnion([.read, .end, .failure]) }
      return (event.data.u64, readiness)
    }

    /// Lets the waits of this thread end on time.
    package static func beginThread() {
      tapedeck_set_timer_slack(1000)
    }
  }
#else
  /// Tells one thread what its sockets can do, at a cost that does not grow with those that can do
  /// nothing. (kqueue)
  ///
  /// What is watched without a wish is told of once each time it becomes possible: what is not read
  /// then must be remembered by whoever leaves it. What is watched for something is told of for as
  /// long as it is possible.
  package struct Poller: ~Copyable {
    private let descriptor: Int32
    private let events: UnsafeMutablePointer<kevent>
    private let batch: Int

    /// Watches nothing yet.
    ///
    /// - Parameter batch: how many sockets one wait tells of at most; the others come with the
    ///   next, behind what is due.
    /// - Throws: what the system refused.
    package init(batch: Int = 16) throws(SystemError) {
      self.batch = max(1, batch)
      descriptor = kqueue()
      events = .allocate(capacity: self.batch)
      guard descriptor >= 0 else { throw SystemError(errno) }
    }

    deinit {
      if descriptor >= 0 { close(descriptor) }
      events.deallocate()
    }

    /// Watches a socket until it is closed, and returns whether the system does.
    package func watch(_ socket: Int32, as id: UInt64) -> Bool {
      change(socket, EVFILT_READ, EV_ADD | EV_CLEAR, id)
        && change(socket, EVFILT_WRITE, EV_ADD | EV_CLEAR, id)
    }

    /// Watches a descriptor that loops share for what can be read: they are told until there is
    /// nothing.
    package func watchShared(_ descriptor: Int32, as id: UInt64) -> Bool {
      change(descriptor, EVFILT_READ, EV_ADD, id)
    }

    /// Watches a socket for that and nothing else, be it watched already or not, and returns
    /// whether the system does.
    package func watch(_ socket: Int32, for wish: Readiness, as id: UInt64) -> Bool {
      // To delete what is not there is refused, and no harm.
      let reads = change(socket, EVFILT_READ, wish.contains(.read) ? EV_ADD : EV_DELETE, id)
      let writes = change(socket, EVFILT_WRITE, wish.contains(.write) ? EV_ADD : EV_DELETE, id)
      return (reads || !wish.contains(.read)) && (writes || !wish.contains(.write))
    }

    /// Watches a descriptor no more.
    package func forget(_ socket: Int32) {
      _ = change(socket, EVFILT_READ, EV_DELETE, 0)
      _ = change(socket, EVFILT_WRITE, EV_DELETE, 0)
    }

    private func change(
      _ socket: Int32, _ filter: Int32, _ flags: Int32, _ id: UInt64
    ) -> Bool {
      var change = kevent(
        ident: UInt(bitPattern: Int(socket)), filter: Int16(filter), flags: UInt16(flags),
        fflags: 0, data: 0, udata: UnsafeMutableRawPointer(bitPattern: UInt(id)))
      return kevent(descriptor, &change, 1, nil, 0, nil) == 0
    }

    /// Waits until something happens or the time is over.
    ///
    /// - Parameter nanoseconds: 0 for not at all, less for as long as it takes.
    /// - Returns: on how many sockets something has happened.
    package func wait(nanoseconds: Int64) -> Int {
      var time = timespec(
        tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
      let capacity = Int32(batch)
      let count =
        nanoseconds < 0
        ? kevent(descriptor, nil, 0, events, capacity, nil)
        : kevent(descriptor, nil, 0, events, capacity, &time)
      return max(0, Int(count))
    }

    /// One of those that the last wait told of.
    package subscript(index: Int) -> (id: UInt64, readiness: Readiness) {
      let event = events[index]
      let hasEnded = Int32(event.flags) & EV_EOF != 0
      let isOutput = Int32(event.filter) == EVFILT_WRITE
      var readiness: Readiness = isOutput ? .write : .read
      if hasEnded { readiness.formUnion(isOutput ? [.read, .end, .hangUp] : [.read, .end]) }
      if hasEnded, event.fflags != 0 { readiness.insert(.failure) }
      return (UInt64(UInt(bitPattern: event.udata)), readiness)
    }

    /// Lets the waits of this thread end on time, as they do here.
    package static func beginThread() {}
  }
#endif
