internal import Dispatch
internal import Synchronization

/// Work for the threads of a pool whose results are taken in the order in which it was handed in.
package struct WorkResults<Value: Sendable>: ~Copyable {
  /// Where one piece of work leaves its result.
  private final class Slot: Sendable {
    let value = Mutex<Value?>(nil)
    /// Signalled once the result is there.
    let signal = DispatchSemaphore(value: 0)
  }

  private let pool: WorkerPool
  private var waiting: [(slot: Slot, weight: Int)] = []

  /// The weight of all that was handed in and not taken.
  package private(set) var weight = 0

  /// Creates a line on a pool.
  package init(_ pool: WorkerPool) { self.pool = pool }

  /// Has work done by the next thread that is free.
  ///
  /// - Parameters:
  ///   - weight: What it counts for as long as its result is not taken.
  ///   - work: What is done.
  package mutating func submit(weight: Int, _ work: @escaping @Sendable () -> Value) {
    let slot = Slot()
    waiting.append((slot, weight))
    self.weight += weight
    pool.submit {
      let value = work()
      slot.value.withLock { $0 = value }
      slot.signal.signal()
    }
  }

  /// Waits for the result of what was handed in first; nil where nothing is left.
  package mutating func next() -> Value? {
    guard let first = waiting.first else { return nil }
    first.slot.signal.wait()
    return take()
  }

  /// The result of what was handed in first, if it is there.
  package mutating func nextIfDone() -> Value? {
    guard let first = waiting.first, first.slot.signal.wait(timeout: .now()) == .success else {
      return nil
    }
    return take()
  }

  /// Forgets all that was handed in; what has begun ends unseen.
  package mutating func forget() {
    waiting = []
    weight = 0
  }

  private mutating func take() -> Value? {
    let first = waiting.removeFirst()
    weight -= first.weight
    return first.slot.value.withLock { $0.take() }
  }
}
