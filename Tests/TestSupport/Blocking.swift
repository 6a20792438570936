import Foundation
import Synchronization

/// Runs what blocks, or takes seconds, beside Swift's pool, whose threads are for other tests.
///
/// Dispatch runs a few at once: with a thread for each, hundreds would share the processors, and
/// what must happen within seconds would not.
package func blocking<Result: Sendable>(
  _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async {
      continuation.resume(with: Swift.Result { try body() })
    }
  }
}

/// What a thread of its own does from now on, whatever keeps the tasks of the tests waiting.
package final class Background<Result: Sendable>: Sendable {
  private let result = Mutex<Swift.Result<Result, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  /// Begins it.
  package init(_ body: @escaping @Sendable () throws -> Result) {
    Thread.detachNewThread { [self] in
      let outcome = Swift.Result { try body() }
      result.withLock { $0 = outcome }
      isDone.signal()
    }
  }

  /// What it came to.
  package var value: Result {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { [self] in
          isDone.wait()
          isDone.signal()
          continuation.resume(
            with: result.withLock { $0 } ?? .failure(CancellationError()))
        }
      }
    }
  }
}
