import Dispatch
import Synchronization
import Testing

@testable import Deck

@Suite("Requests that are prepared side by side pass in the order in which they came")
struct TurnstileTests {
  private static let line = Turnstile.Line.session("a")

  @Test(
    "whoever is ready first waits for those in front",
    arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
  func order(ready: [Int]) {
    let turnstile = Turnstile()
    let tickets = (0..<3).map { _ in turnstile.ticket(in: Self.line) }
    let passed = Mutex<[Int]>([])
    #expect(turnstile.isBusy(Self.line))
    for number in ready {
      turnstile.pass(tickets[number]) { passed.withLock { $0.append(number) } }
    }
    #expect(passed.withLock { $0 } == [0, 1, 2])
    #expect(!turnstile.isBusy)
  }

  @Test("whoever comes while another passes is called behind it, and nobody is lost")
  func passing() {
    let turnstile = Turnstile()
    let (first, second) = (turnstile.ticket(in: Self.line), turnstile.ticket(in: Self.line))
    let (entered, leave) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let done = DispatchSemaphore(value: 0)
    let passed = Mutex<[Int]>([])
    DispatchQueue.global().async {
      turnstile.pass(first) {
        entered.signal()
        leave.wait()
        passed.withLock { $0.append(1) }
      }
      done.signal()
    }
    entered.wait()
    // It comes back at once, though the one in front is inside.
    turnstile.pass(second) { passed.withLock { $0.append(2) } }
    let third = turnstile.ticket(in: Self.line)
    #expect(passed.withLock { $0.isEmpty })
    leave.signal()
    done.wait()
    turnstile.pass(third) { passed.withLock { $0.append(3) } }
    #expect(passed.withLock { $0 } == [1, 2, 3])
    #expect(!turnstile.isBusy)
  }

  @Test("many threads pass in the order of their tickets, one at a time")
  func threads() {
    let turnstile = Turnstile()
    let lines = (0..<4).map { Turnstile.Line.session("\($0)") }
    let passed = Mutex<[[Int]]>(Array(repeating: [], count: lines.count))
    let inside = Mutex((now: Array(repeating: 0, count: lines.count), most: 0))
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<500 {
        let line = (thread + number) % lines.count
        let ticket = turnstile.ticket(in: lines[line])
        turnstile.pass(ticket) {
          inside.withLock {
            $0.now[line] += 1
            $0.most = max($0.most, $0.now[line])
          }
          passed.withLock { $0[line].append(ticket.number) }
          inside.withLock { $0.now[line] -= 1 }
        }
      }
    }
    // A line that is empty begins anew, so its numbers ascend from 0 again and again.
    for numbers in passed.withLock({ $0 }) {
      #expect(numbers.count == 1_000)
      #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 || $1 == 0 })
    }
    #expect(inside.withLock { $0.most } == 1)
    #expect(!turnstile.isBusy)
  }

  @Test("lines do not wait for each other, and one that is empty begins anew")
  func lines() {
    let turnstile = Turnstile()
    let first = turnstile.ticket(in: Self.line)
    let other = turnstile.ticket(in: .requests(method: "POST", target: "/a", bodyBytes: 1))
    let passed = Mutex<[String]>([])
    turnstile.pass(other) { passed.withLock { $0.append("other") } }
    #expect(turnstile.isBusy(Self.line))
    turnstile.pass(first) { passed.withLock { $0.append("first") } }
    turnstile.pass(turnstile.ticket(in: Self.line)) { passed.withLock { $0.append("again") } }
    #expect(passed.withLock { $0 } == ["other", "first", "again"])
    #expect(!turnstile.isBusy)
  }
}
