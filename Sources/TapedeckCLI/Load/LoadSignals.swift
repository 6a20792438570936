import Load
import Synchronization

/// Ends a run when a signal asks for it, so that what was done until then is reported.
final class LoadSignals: Sendable {
  private let received = Mutex<Int32?>(nil)
  private let task = Mutex<Task<Void, Never>?>(nil)

  init(_ stop: LoadStop) {
    let signals = StopSignals()
    let watch = Task { [self] in
      for await signal in signals.stream {
        received.withLock { $0 = signal.number }
        stop.set()
        break
      }
    }
    task.withLock { $0 = watch }
  }

  /// The signal that came, or nil.
  var number: Int32? { received.withLock { $0 } }

  /// Waits for no more signals.
  func cancel() { task.withLock { $0?.cancel() } }
}
