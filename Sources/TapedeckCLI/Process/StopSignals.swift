import Dispatch
import Libc

#if canImport(CLinux)
  import CLinux
#endif

/// A signal that the program got.
struct ReceivedSignal: Equatable, Sendable {
  /// Its number.
  let number: Int32

  /// Whether the kernel sent it, as for Ctrl-C in a terminal, and not another process.
  let isFromKernel: Bool
}

/// Signals as values, from its making on; there can be one at a time.
struct StopSignals: Sendable {
  /// The signals that ask a program to end.
  static let ending = [SIGINT, SIGTERM, SIGHUP]

  /// The signals that came, in order.
  let stream: AsyncStream<ReceivedSignal>

  /// Takes signals over from their default action.
  ///
  /// One that was ignored when the program started, as SIGHUP is under `nohup`, stays so; but
  /// SIGINT is taken all the same, which a shell script ignores for all that it starts with `&`.
  ///
  /// - Parameters:
  ///   - numbers: the signals.
  ///   - input: a descriptor whose end counts as a SIGHUP: whoever held its other end is gone.
  init(_ numbers: [Int32] = ending, orEndOf input: Int32? = nil) {
    let (stream, continuation) = AsyncStream<ReceivedSignal>.makeStream(
      bufferingPolicy: .bufferingOldest(8))
    self.stream = stream
    let pipe = SignalPipe.shared
    let source = DispatchSource.makeReadSource(
      fileDescriptor: pipe.reader, queue: DispatchQueue(label: "tapedeck.signals"))
    // The handler keeps its source, until nobody reads the stream any more.
    source.setEventHandler {
      while let signal = pipe.next() {
        if case .terminated = continuation.yield(signal) { source.cancel() }
      }
    }
    source.resume()
    for number in numbers { SignalPipe.take(number) }
    guard let input else { return }
    // A thread that waits, since neither epoll nor kqueue takes every kind of file.
    DispatchQueue(label: "tapedeck.input").async {
      Self.readToEnd(of: input)
      continuation.yield(ReceivedSignal(number: SIGHUP, isFromKernel: false))
    }
  }

  /// Returns at the end of a file, or when it cannot be read any more.
  private static func readToEnd(of input: Int32) {
    var unused: [UInt8] = Array(repeating: 0, count: 4096)
    while true {
      let count = read(input, &unused, unused.count)
      if count > 0 || (count < 0 && errno == EINTR) { continue }
      // The descriptor is shared with whoever made it non-blocking.
      guard count < 0, errno == EAGAIN else { return }
      var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, -1)
    }
  }
}

/// The way of signals out of their handler, where next to nothing may be done. (POSIX, 2.4.3)
private struct SignalPipe {
  static let shared = SignalPipe()

  /// The bit of a byte that says that the kernel sent the signal.
  private static let kernelBit: UInt8 = 0x80

  let reader: Int32
  private let writer: Int32

  private init() {
    var ends: [Int32] = [-1, -1]
    _ = Libc.pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      // Neither may the handler wait for a full pipe, nor the reader for an empty one.
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (reader, writer) = (ends[0], ends[1])
  }

  /// The next signal, or nil where there is none now.
  func next() -> ReceivedSignal? {
    var byte: UInt8 = 0
    guard read(reader, &byte, 1) == 1 else { return nil }
    return ReceivedSignal(
      number: Int32(byte & ~Self.kernelBit), isFromKernel: byte & Self.kernelBit != 0)
  }

  /// Lets a signal go through the pipe instead of what it did.
  static func take(_ number: Int32) {
    var former = sigaction()
    sigaction(number, nil, &former)
    var action = sigaction()
    action.sa_flags = SA_SIGINFO | SA_RESTART
    sigemptyset(&action.sa_mask)
    #if canImport(Darwin)
      let isIgnored = unsafeBitCast(former.__sigaction_u.__sa_handler, to: Int.self) == 1
      action.__sigaction_u.__sa_sigaction = handler
    #else
      let isIgnored = unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) == 1
      action.__sigaction_handler.sa_sigaction = handler
    #endif
    if isIgnored, number != SIGINT { return }
    sigaction(number, &action, nil)
  }

  /// Runs on whatever thread the signal comes to: it only writes, and keeps `errno` for that
  /// thread.
  private static let handler:
    @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void = {
      number, info, _ in
      let code = errno
      var byte = UInt8(truncatingIfNeeded: number)
      if let info, sender(of: info) == 0 { byte |= kernelBit }
      _ = write(shared.writer, &byte, 1)
      errno = code
    }

  private static func sender(of info: UnsafeMutablePointer<siginfo_t>) -> pid_t {
    #if canImport(CLinux)
      tapedeck_signal_sender(info)
    #else
      info.pointee.si_pid
    #endif
  }
}
