internal import Libc
internal import Synchronization
internal import Threads
internal import Units

/// What other threads ask of an event loop.
final class Mailbox: Sendable {
  /// What is asked: it is called on the loop's thread.
  typealias Task = @Sendable (ServingLoop) -> Void

  private let tasks = Mutex<[Task]>([])
  private let pipe: WakePipe

  /// How many connections the loop has, for those who have one to give; `Int.max` while it does not
  /// run.
  let load = Atomic(Int.max)

  init() throws {
    guard let pipe = WakePipe() else { throw SystemError(errno) }
    self.pipe = pipe
  }

  /// What can be read while something is asked.
  var descriptor: Int32 { pipe.reading }

  /// Has something done soon, in the order in which it is asked.
  func post(_ task: @escaping Task) {
    let isFirst = tasks.withLock { tasks in
      tasks.append(task)
      return tasks.count == 1
    }
    if isFirst { WakePipe.wake(pipe.writing) }
  }

  /// Takes what is asked.
  func take() -> [Task] {
    pipe.drain()
    return tasks.withLock { tasks in
      defer { tasks = [] }
      return tasks
    }
  }
}
