internal import Libc
package import Synchronization
internal import Threads
package import Units

/// What other threads ask of an event loop.
package final class Mailbox<Loop>: Sendable {
  /// What is asked: it is called on the loop's thread.
  package typealias Task = @Sendable (Loop) -> Void

  private let tasks = Mutex<[Task]>([])
  private let pipe: WakePipe

  /// How many connections the loop has, for those who have one to give; `Int.max` while it does not
  /// run.
  package let load = Atomic(Int.max)

  /// Begins with nothing asked.
  ///
  /// - Throws: what the system refused.
  package init() throws(SystemError) {
    guard let pipe = WakePipe() else { throw SystemError(errno) }
    self.pipe = pipe
  }

  /// What can be read while something is asked.
  package var descriptor: Int32 { pipe.reading }

  /// Has something done soon, in the order in which it is asked.
  package func post(_ task: @escaping Task) {
    let isFirst = tasks.withLock { tasks in
      tasks.append(task)
      return tasks.count == 1
    }
    if isFirst { WakePipe.wake(pipe.writing) }
  }

  /// Takes what is asked.
  package func take() -> [Task] {
    pipe.drain()
    return tasks.withLock { tasks in
      defer { tasks = [] }
      return tasks
    }
  }
}
