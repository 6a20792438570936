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

  @Test("a socket that is watched for all is told of once each time something happens")
  func once() throws {
    let pair = try SocketPair()
    let poller = try Poller()
    #expect(poller.watch(pair.served, as: 7))
    #expect(Self.told(poller) == ["7 write"])
    #expect(Self.told(poller) == [])
    pair.send("a")
    #expect(Self.told(poller).first?.contains("read") == true)
    #expect(Self.told(poller) == [])
    pair.finish()
    #expect(Self.told(poller).first?.contains("end") == true)
    #expect(Self.told(poller) == [])
  }

  @Test("a socket that is watched for something is told of until that is over, and then no more")
  func wish() throws {
    let pair = try SocketPair()
    let poller = try Poller()
    #expect(poller.watch(pair.served, for: .read, as: .max))
    #expect(Self.told(poller) == [])
    pair.send("a")
    #expect(Self.told(poller) == ["\(UInt64.max) read"])
    #expect(Self.told(poller) == ["\(UInt64.max) read"])
    #expect(poller.watch(pair.served, for: .write, as: 3))
    #expect(Self.told(poller) == ["3 write"])
    #expect(poller.watch(pair.served, for: [.read, .write], as: 4))
    #expect(
      Set(Self.told(poller).joined(separator: " ").split(separator: " ")) == ["4", "read", "write"])
    poller.forget(pair.served)
    #expect(Self.told(poller) == [])
  }

  @Test("a wait tells of no more than its batch, and of the others next")
  func batch() throws {
    let pairs = try (0..<3).map { _ in try SocketPair() }
    let poller = try Poller(batch: 2)
    for (id, pair) in pairs.enumerated() {
      #expect(poller.watch(pair.served, as: UInt64(id)))
    }
    let first = Self.told(poller)
    let second = Self.told(poller)
    #expect(first.count == 2)
    #expect(Set(first + second).count == 3)
  }
}
