import TestSupport
import Testing

@testable import Sockets

@Suite("One poller tells of sockets once each time, or for as long as it is wished")
struct PollerTests {
  /// What the poller tells of now.
  private static func told(_ poller: borrowing Poller) -> [String] {
    (0..<poller.wait(nanoseconds: 0)).map { index in
      let (id, readiness) = poller[index]
      var words: [String] = []
      if readiness.contains(.read) { words.append("read") }
      if readiness.contains(.write) { words.append("write") }
      if readiness.contains(.end) { words.append("end") }
      return "\(id) \(words.joined(separator: " "))"
    }
  }

  private func expect(_ wanted: [String], of poller: borrowing Poller) {
    let told = Self.told(poller)
    #expect(told == wanted)
  }

  private func expect(first word: String, of poller: borrowing Poller) {
    let told = Self.told(poller)
    #expect(told.first?.contains(word) == true)
  }

  private func expectWatched(_ isWatched: Bool) {
    #expect(isWatched)
  }

  @Test("a socket that is watched for all is told of once each time something happens")
  func once() throws {
    let pair = try SocketPair()
    let poller = try Poller()
    expectWatched(poller.watch(pair.served, as: 7))
    expect(["7 write"], of: poller)
    expect([], of: poller)
    pair.send("a")
    expect(first: "read", of: poller)
    expect([], of: poller)
    pair.finish()
    expect(first: "end", of: poller)
    expect([], of: poller)
  }

  @Test("a socket that is watched for something is told of until that is over, and then no more")
  func wish() throws {
    let pair = try SocketPair()
    let poller = try Poller()
    expectWatched(poller.watch(pair.served, for: .read, as: .max))
    expect([], of: poller)
    pair.send("a")
    expect(["\(UInt64.max) read"], of: poller)
    expect(["\(UInt64.max) read"], of: poller)
    expectWatched(poller.watch(pair.served, for: .write, as: 3))
    expect(["3 write"], of: poller)
    expectWatched(poller.watch(pair.served, for: [.read, .write], as: 4))
    let both = Self.told(poller).joined(separator: " ").split(separator: " ")
    #expect(both.first == "4" && Set(both) == ["4", "read", "write"])
    poller.forget(pair.served)
    expect([], of: poller)
  }

  @Test("a wait tells of no more than its batch, and of the others next")
  func batch() throws {
    let pairs = try (0..<3).map { _ in try SocketPair() }
    let poller = try Poller(batch: 2)
    for (id, pair) in pairs.enumerated() {
      expectWatched(poller.watch(pair.served, as: UInt64(id)))
    }
    let first = Self.told(poller)
    let second = Self.told(poller)
    #expect(first.count == 2)
    #expect(Set(first + second).count == 3)
  }
}
