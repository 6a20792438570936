internal import CCurl
internal import Cassettes
internal import Libc
internal import Synchronization
internal import Threads

/// What takes the events of one transfer.
typealias EventHandler = @Sendable ([RecordingEvent]) -> Void

/// A thread on which libcurl runs, and how other threads reach it.
final class CurlThread: Sendable {
  private enum Command {
    case start(UInt64, RecordingRequest, EventHandler)
    case steer(UInt64, RecordingControl.Action)
  }

  private struct Shared {
    var commands: [Command] = []
    var lastNumber: UInt64 = 0
    var isStopping = false
    /// What wakes the thread, while there is one.
    var wakeDescriptor: Int32?
    /// Whether the thread will look at the commands anyway.
    var isAwake = false
    /// How many transfers it has, those that are still to be started counted.
    var transfers = 0
  }

  private let shared = Mutex(Shared())

  /// Starts a thread, which goes on until `stop` is called.
  static func start() throws(RecordingError) -> CurlThread {
    let thread = CurlThread()
    let multi = try CurlMulti()
    let descriptor = multi.wakeDescriptor
    thread.shared.withLock { $0.wakeDescriptor = descriptor }
    let life = ThreadLife(thread, CurlLoop(multi))
    let code = SystemThread.start(name: "tapedeck-curl") { life.run() }
    guard code == 0 else {
      throw RecordingError("the system refused a thread: \(String(cString: strerror(code)))")
    }
    return thread
  }

  /// How many transfers the thread has, as far as is known.
  var transfers: Int { shared.withLock { $0.transfers } }

  /// Starts a transfer, and returns its number.
  func start(_ request: RecordingRequest, onEvents: @escaping EventHandler) -> UInt64 {
    let number: UInt64? = shared.withLock { shared in
      guard !shared.isStopping else { return nil }
      shared.lastNumber += 1
      shared.transfers += 1
      shared.commands.append(.start(shared.lastNumber, request, onEvents))
      Self.wake(&shared)
      return shared.lastNumber
    }
    guard let number else {
      onEvents([.ended(Ending(how: .cancelled, detail: "the recorder was shut down"))])
      return 0
    }
    return number
  }

  /// Asks something of a transfer; does nothing once it is over.
  func send(_ action: RecordingControl.Action, to number: UInt64) {
    shared.withLock { shared in
      guard !shared.isStopping else { return }
      shared.commands.append(.steer(number, action))
      Self.wake(&shared)
    }
  }

  /// Cancels all transfers and ends the thread.
  func stop() {
    shared.withLock { shared in
      shared.isStopping = true
      Self.wake(&shared)
    }
  }

  private static func wake(_ shared: inout Shared) {
    guard let descriptor = shared.wakeDescriptor, !shared.isAwake else { return }
    shared.isAwake = true
    WakePipe.wake(descriptor)
  }

  fileprivate func run(_ loop: consuming CurlLoop) {
    while true {
      let (commands, isStopping) = shared.withLock { shared in
        defer { shared.commands = [] }
        // No wake may come once the handle is about to go.
        if shared.isStopping { shared.wakeDescriptor = nil }
        shared.isAwake = false
        shared.transfers = loop.count
        for case .start in shared.commands { shared.transfers += 1 }
        return (shared.commands, shared.isStopping)
      }
      for command in commands {
        switch command {
        case .start(let number, let request, let onEvents):
          loop.start(number, request, onEvents: onEvents)
        case .steer(let number, let action): loop.steer(number, action)
        }
      }
      if isStopping { return loop.cancelAll() }
      loop.turn()
    }
  }
}

/// What the thread is given to begin with.
private final class ThreadLife {
  private let thread: CurlThread
  private var loop: CurlLoop?

  init(_ thread: CurlThread, _ loop: consuming CurlLoop) {
    self.thread = thread
    self.loop = consume loop
  }

  func run() {
    if let loop = loop.take() { thread.run(loop) }
  }
}
