import Libc
import TestSupport
import Testing

@testable import Sockets

@Suite("A wire keeps the order of bytes, whatever the kernel takes at once")
struct WireTests {
  @Test("what the kernel does not take waits, goes out in order, and FIN comes behind it")
  func order() throws {
    let pair = try SocketPair()
    var wire = Wire(pair.served)
    var expected: [UInt8] = []
    for number in 0..<400 {
      let buffer = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* number) }
      wire.write(7..<9_000, of: buffer)
      expected += buffer[7..<9_000]
    }
    wire.finish()
    #expect(wire.isPending == true)
    #expect(wire.isWritable == false)
    var received: [UInt8] = []
    while wire.isPending {
      let more = pair.bytes()
      try #require(!more.isEmpty)
      received += more
      wire.flush()
    }
    #expect(wire.queuedBytes == 0)
    while true {
      let more = pair.bytes()
      if more.isEmpty { break }
      received += more
    }
    #expect(received == expected)
    #expect(pair.hasEnded)
    wire.close()
  }

  @Test("a short read is all there is, but in front of the end")
  func reading() throws {
    let pair = try SocketPair()
    var wire = Wire(pair.served)
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
    defer { scratch.deallocate() }
    #expect(wire.mayHaveInput == false)

    pair.send("0123456789")
    wire.note(.read)
    #expect(wire.text(scratch) == "01234567")
    #expect(wire.mayHaveInput == true)
    #expect(wire.text(scratch) == "89")
    #expect(wire.mayHaveInput == false)

    pair.send("ab")
    pair.finish()
    wire.note([.read, .end])
    #expect(wire.text(scratch) == "ab")
    // Nobody will tell of the end anew.
    #expect(wire.mayHaveInput == true)
    #expect(wire.text(scratch) == "end")
    #expect(wire.hasFailed == false)
    wire.close()
  }

  @Test("a client that is gone breaks the wire, and what is written then is counted as never sent")
  func gone() throws {
    let pair = try SocketPair()
    var wire = Wire(pair.served)
    pair.leave()
    wire.write(0..<3, of: Array(("abc").utf8))
    #expect(wire.isBroken == true)
    wire.write(0..<2, of: Array(("de").utf8))
    #expect(wire.queuedBytes == 5)
    wire.close()
  }

  @Test("the end of both sides is a failure only where ours is not by our own doing")
  func hangUp() throws {
    let pair = try SocketPair()
    var wire = Wire(pair.served)
    wire.finish()
    wire.note([.read, .end, .hangUp])
    #expect(wire.hasFailed == false)
    wire.note(.failure)
    #expect(wire.hasFailed == true)
    wire.close()

    let other = try SocketPair()
    var reset = Wire(other.served)
    reset.note([.read, .end, .hangUp])
    #expect(reset.hasFailed == true)
    reset.close()
  }
}

extension Wire {
  /// What a read comes to, as text.
  fileprivate mutating func text(_ scratch: UnsafeMutableRawBufferPointer) -> String {
    switch read(by: scratch) {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .nothing: "nothing"
    case .end: "end"
    case .failure: "failure"
    }
  }
}
