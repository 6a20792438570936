internal import Cassettes
internal import Dispatch
internal import Redaction
internal import Synchronization

/// Tells somebody who watches of each request that has ended, away from the event loops.
final class JournalWatch: Sendable {
  /// How many may wait for somebody who takes them slowly.
  private static let waitingLimit = 1000

  private let queue = DispatchQueue(label: "tapedeck.watch")
  private let waiting = Mutex((count: 0, leftOut: 0))
  private let rules: RedactionRules
  private let onServed: @Sendable (ServedRequest) -> Void

  init(rules: RedactionRules, onServed: @escaping @Sendable (ServedRequest) -> Void) {
    self.rules = rules
    self.onServed = onServed
  }

  /// Tells of an entry soon; where too many wait, only how many they were.
  func tell(_ entry: JournalEntry) {
    let hasRoom = waiting.withLock { waiting in
      guard waiting.count < Self.waitingLimit else {
        waiting.leftOut += 1
        return false
      }
      waiting.count += 1
      return true
    }
    guard hasRoom else { return }
    queue.async { [self] in
      let leftOut = waiting.withLock { waiting in
        defer { waiting.leftOut = 0 }
        waiting.count -= 1
        return waiting.leftOut
      }
      guard var served = ServedRequest(entry, by: rules) else { return }
      served.leftOut = leftOut
      onServed(served)
    }
  }

  /// How long somebody who takes nothing is waited for at the end.
  private static let endPatience = DispatchTimeInterval.seconds(1)

  /// Waits until everything is told, or until nobody can be expected to take it.
  func finish() {
    let isTold = DispatchSemaphore(value: 0)
    queue.async { isTold.signal() }
    _ = isTold.wait(timeout: .now() + Self.endPatience)
  }
}
