internal import Synchronization

/// How many requests are worked on by a pool of threads, and how many may be.
///
/// One whose client has left is worked on all the same, and makes no room for another.
final class Workload: Sendable {
  /// The most.
  let limit: Int

  private let count = Atomic(0)

  init(limit: Int) { self.limit = limit }

  /// Whether there is no room for one more.
  var isFull: Bool { count.load(ordering: .relaxed) >= limit }

  /// Counts a request until its recipient has the response.
  func counted(_ recipient: @escaping Answerer.Recipient) -> Answerer.Recipient {
    count.add(1, ordering: .relaxed)
    return { [self] response in
      count.subtract(1, ordering: .relaxed)
      recipient(response)
    }
  }
}
