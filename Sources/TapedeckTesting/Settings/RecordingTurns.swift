internal import Synchronization

/// Lets tests that record to one cassette do so one after the other: what one has recorded is
/// played to the next, and the cassette has each request once.
final class RecordingTurns: Sendable {
  /// Those of this process.
  static let shared = RecordingTurns()

  private struct State {
    /// The cassettes that somebody records to, with those who wait for their turn.
    var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    /// The cassettes that this process has begun to record.
    var begun: Set<String> = []
  }

  private let state = Mutex(State())

  /// Whether this process has begun to record a cassette.
  func hasBegun(_ path: String) -> Bool { state.withLock { $0.begun.contains(path) } }

  /// Does something that records to a cassette, when it is its turn.
  ///
  /// - Parameters:
  ///   - path: The cassette.
  ///   - body: Is told whether it is the first in this process.
  /// - Returns: What the body returns.
  func run<Value>(_ path: String, _ body: (_ isFirst: Bool) async throws -> Value) async rethrows
    -> Value
  {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.waiting[path] == nil else {
          state.waiting[path]?.append(continuation)
          return false
        }
        state.waiting[path] = []
        return true
      }
      if isFree { continuation.resume() }
    }
    defer { end(path) }
    return try await body(state.withLock { $0.begun.insert(path).inserted })
  }

  private func end(_ path: String) {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting[path]?.isEmpty == false else {
        state.waiting[path] = nil
        return nil
      }
      return state.waiting[path]?.removeFirst()
    }
    next?.resume()
  }
}
