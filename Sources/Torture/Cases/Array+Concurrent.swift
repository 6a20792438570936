internal import Dispatch
internal import Synchronization

extension Array where Element: Sendable {
  /// What a pure function makes of each element but for nil, in order, on all processors.
  func concurrentCompactMap<Value: Sendable>(
    _ body: @escaping @Sendable (Element) -> Value?
  ) -> [Value] {
    let size = 64
    let pieces = (count + size - 1) / size
    guard pieces > 1 else { return compactMap(body) }
    let found = Mutex<[Int: [Value]]>([:])
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let values = self[(piece * size)..<Swift.min(count, (piece + 1) * size)].compactMap(body)
      found.withLock { $0[piece] = values }
    }
    let all = found.withLock { $0 }
    return (0..<pieces).flatMap { all[$0] ?? [] }
  }
}
