import Dispatch
import Synchronization
import Testing

@testable import Threads

@Suite("Work that takes long")
struct WorkerPoolTests {
  /// Waits for what other threads signal, at most so long that a test which hangs fails instead.
  private func wait(for semaphore: DispatchSemaphore) -> Bool {
    semaphore.wait(timeout: .now() + .seconds(20)) == .success
  }

  @Test("a lane keeps the order in which work was submitted", arguments: [1, 2, 4])
  func order(threads: Int) {
    let pool = WorkerPool(name: "test", threads: threads)
    let seen = Mutex<[[Int]]>(Array(repeating: [], count: 8))
    let done = DispatchSemaphore(value: 0)
    let lanes = (0..<8).map { _ in WorkLane(pool) }
    for number in 0..<500 {
      for (place, lane) in lanes.enumerated() {
        lane.submit {
          seen.withLock { $0[place].append(number) }
          if number == 499 { done.signal() }
        }
      }
    }
    for _ in lanes { #expect(wait(for: done)) }
    #expect(seen.withLock { $0 } == Array(repeating: Array(0..<500), count: 8))
  }

  @Test("a lane does not wait for another one that takes long")
  func independence() {
    let pool = WorkerPool(name: "test", threads: 2)
    let (hold, began, done) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    let slow = WorkLane(pool)
    slow.submit {
      began.signal()
      hold.wait()
    }
    #expect(wait(for: began))
    for _ in 0..<20 { WorkLane(pool).submit { done.signal() } }
    for _ in 0..<20 { #expect(wait(for: done)) }
    hold.signal()
  }

  @Test("no more than the number of threads work at once, and all that was submitted is done")
  func limit() {
    let pool = WorkerPool(name: "test", threads: 3)
    let counts = Mutex((now: 0, most: 0))
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<3_000 {
      pool.submit {
        counts.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        counts.withLock { $0.now -= 1 }
        done.signal()
      }
    }
    for _ in 0..<3_000 { #expect(wait(for: done)) }
    #expect((1...3).contains(counts.withLock { $0.most }))
  }

  @Test("what was submitted before the pool goes is done")
  func end() {
    let done = DispatchSemaphore(value: 0)
    do {
      let pool = WorkerPool(name: "test", threads: 1)
      for _ in 0..<100 { pool.submit { done.signal() } }
    }
    for _ in 0..<100 { #expect(wait(for: done)) }
  }
}
