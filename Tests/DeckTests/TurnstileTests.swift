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
