import TestSupport
import Testing

@testable import EventStream

@Suite("Blocks")
struct EventBlockCounterTests {
  private static func counted(_ pieces: [[UInt8]]) -> Int {
    var counter = EventBlockCounter()
    for piece in pieces { _ = piece.withUnsafeBufferPointer { counter.take($0) } }
    return counter.count
  }

  @Test(
    "a blank line behind a line that is none ends a block, with any line end",
    arguments: [
      ("", 0), ("\n\n\n", 0), ("data\n", 0), ("data\n\n", 1), (":\n\ndata\n\n\n", 2),
      ("data\r\n\r\n", 1), ("data\r\r", 1), ("data\r\n\r", 1), ("a\n\rb\r\n\n", 2),
    ])
  func blocks(text: String, count: Int) {
    let bytes = Array(text.utf8)
    #expect(Self.counted([bytes]) == count)
    #expect(Self.counted(bytes.map { [$0] }) == count)
  }

  @Test("there are never fewer blocks than events, whatever the bytes and their pieces")
  func neverFewer() {
    var seed = SeededGenerator(11)
    let alphabet: [[UInt8]] = ["data", ":", "\n", "\r", "\r\n", "id:1", "x"].map { Array($0.utf8) }
    for _ in 0..<2_000 {
      let pieces = (0..<20).compactMap { _ in alphabet.randomElement(using: &seed) }
      let body = Array(pieces.joined())
      let count = Self.counted([body])
      #expect(count == Self.counted(body.map { [$0] }))
      #expect(count >= EventIndex(body: body, chunkEnds: []).events.count)
    }
  }

  @Test("what is taken up to a limit has as many blocks as that, and no byte less")
  func limit() {
    let body = Array("data\n\n:\n\ndata\r\n\r\ndata\n\n".utf8)
    for limit in 0...4 {
      var counter = EventBlockCounter()
      let taken = body.withUnsafeBufferPointer { counter.take($0, upTo: limit) }
      #expect(counter.count == limit)
      #expect(taken == [5, 8, 15, 22, 23][limit])
    }
  }
}
