import Dispatch
import Synchronization

/// What many clients at a time found out, by number.
final class Gathered<Value: Sendable>: Sendable {
  private let values = Mutex<[Int: Value]>([:])

  /// What each of `0..<count` found out that found out something, `width` at a time, on threads
  /// that may block.
  static func all(
    _ count: Int, atOnce width: Int, _ find: @escaping @Sendable (Int) throws -> Value?
  ) -> [Int: Value] {
    let gathered = Gathered()
    let slots = DispatchSemaphore(value: width)
    let group = DispatchGroup()
    let queue = DispatchQueue(label: "clients", attributes: .concurrent)
    for number in 0..<count {
      slots.wait()
      queue.async(group: group) {
        defer { slots.signal() }
        guard let value = try? find(number) else { return }
        gathered.values.withLock { $0[number] = value }
      }
    }
    group.wait()
    return gathered.values.withLock { $0 }
  }
}
