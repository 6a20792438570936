internal import Dispatch
internal import Libc
internal import Synchronization

#if os(Linux)
  internal import CLinux
#endif

/// A few threads that share work which may take long: what costs time in proportion to a body, or
/// waits for a disk.
///
/// Threads are started when there is work for them, up to a number, and stay until the pool goes.
/// Work begins in the order in which it was submitted; what is to happen one after the other goes
/// through a `WorkLane`. How much may wait is for whoever submits to bound.
package final class WorkerPool: Sendable {
  /// What the threads share; it outlives the pool until the last of them has seen its end.
  private final class Shared: Sendable {
    struct State {
      var waiting: [@Sendable () -> Void] = []
      /// Where the next piece of work stands in what waits.
      var next = 0
      var threads = 0
      var idle = 0
      var isOver = false

      mutating func take() -> (@Sendable () -> Void)? {
        guard next < waiting.count else { return nil }
        let work = waiting[next]
        next += 1
        if next == waiting.count || next > 1024 {
          waiting.removeFirst(next)
          next = 0
        }
        return work
      }
    }

    let state = Mutex(State())
    /// Signalled once for each piece of work, and for each thread at the end.
    let signal = DispatchSemaphore(value: 0)
  }

  private let shared = Shared()
  private let name: String
  private let limit: Int
  private let niceness: Int32

  /// Creates a pool without a thread.
  ///
  /// - Parameters:
  ///   - name: What the system calls its threads, 15 bytes at the most.
  ///   - threads: How many there may be, at least one.
  ///   - niceness: By how much they stand back behind threads that keep time, 0 to 19.
  ///     (setpriority(2))
  package init(name: String, threads: Int, niceness: Int32 = 0) {
    self.name = name
    self.limit = max(1, threads)
    self.niceness = niceness
  }

  deinit {
    let threads = shared.state.withLock { state in
      state.isOver = true
      return state.threads
    }
    for _ in 0..<threads { shared.signal.signal() }
  }

  /// Has work done by the next thread that is free.
  ///
  /// Where the system refuses the very first thread, the caller does it.
  package func submit(_ work: @escaping @Sendable () -> Void) {
    let needsThread = shared.state.withLock { state in
      state.waiting.append(work)
      guard state.waiting.count - state.next > state.idle, state.threads < limit else {
        return false
      }
      state.threads += 1
      return true
    }
    if needsThread, !startThread() {
      let isAlone = shared.state.withLock { state in
        state.threads -= 1
        return state.threads == 0
      }
      if isAlone {
        // Others may have counted on this thread, and have left theirs here.
        while let work = shared.state.withLock({ $0.take() }) { work() }
        return
      }
    }
    shared.signal.signal()
  }

  private func startThread() -> Bool {
    let (shared, niceness) = (shared, niceness)
    return SystemThread.start(name: name) {
      #if os(Linux)
        if niceness > 0 { tapedeck_be_nice(niceness) }
      #endif
      Self.run(shared)
    } == 0
  }

  private static func run(_ shared: Shared) {
    while true {
      shared.state.withLock { $0.idle += 1 }
      shared.signal.wait()
      let work = shared.state.withLock { state in
        state.idle -= 1
        return state.take()
      }
      if let work {
        work()
      } else if shared.state.withLock({ $0.isOver }) {
        return
      }
    }
  }
}

/// Work that happens in order, one piece after the other, on whichever thread of a pool is free.
///
/// Lanes do not wait for each other as long as the pool has a thread for each that has work.
package final class WorkLane: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var isRunning = false
  }

  private let pool: WorkerPool
  private let state = Mutex(State())

  /// Creates a lane on a pool.
  package init(_ pool: WorkerPool) { self.pool = pool }

  /// Has work done once all that was submitted before is done.
  package func submit(_ work: @escaping @Sendable () -> Void) {
    let starts = state.withLock { state in
      state.waiting.append(work)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if starts { pool.submit { self.runNext() } }
  }

  /// Does what waits now; what comes meanwhile queues behind the other lanes.
  private func runNext() {
    let works = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for work in works { work() }
    let goesOn = state.withLock { state in
      state.isRunning = !state.waiting.isEmpty
      return state.isRunning
    }
    if goesOn { pool.submit { self.runNext() } }
  }
}
