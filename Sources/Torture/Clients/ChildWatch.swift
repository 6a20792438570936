internal import Libc
internal import Units

/// Waits for what a child does: that it writes, that it takes, that it ends.
struct ChildWatch {
  /// What there is to see.
  struct Sight {
    var output = false
    var error = false
    var input = false
    var stop = false
  }

  /// Whether more of standard output may come.
  var readsOutput = true

  /// Whether more of standard error may come.
  var readsError = true

  /// Whether there is something to write to its standard input.
  var writesInput = false

  /// How often the system is asked whether a child has ended, where it does not say so.
  private static let rhythm: Int64 = 2_000_000

  /// Waits until there is something to see, until a deadline, or until `stop`, a descriptor or -1,
  /// can be read from, since everything is to end.
  func wait(for child: borrowing ChildProcess, stop: Int32, until deadline: Instant) -> Sight {
    var descriptors = [
      pollfd(fd: readsOutput ? child.output : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: readsError ? child.error : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: writesInput ? child.input : -1, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: child.exit, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
    ]
    var left = max(0, deadline.nanoseconds(since: .now()))
    if child.exit < 0 { left = min(left, Self.rhythm) }
    // Rounded up, so that nobody turns round and round before the deadline.
    let milliseconds = Int32(clamping: (left &+ 999_999) / 1_000_000)
    _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    let isReady = { (index: Int) in descriptors[index].revents != 0 }
    return Sight(output: isReady(0), error: isReady(1), input: isReady(2), stop: isReady(4))
  }
}
