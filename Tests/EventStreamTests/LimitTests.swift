import EventStream
import Testing

@Suite("Limits")
struct LimitTests {
  @Test("an event beyond the limit is left out and counted, whatever the pieces")
  func dropped() {
    let long = String(repeating: "x", count: 100)
    let stream = Array(
      """
      data: a

      id: 1
      data: \(long)
      event: late

      data: b

      event: \(long)
      data: c

      data: \(long.prefix(40))
      data: \(long.prefix(40))

      retry: \(long)
      data: d

      id: \(long)
      data: e

      data: f


      """.utf8)
    for size in [1, 2, 7, stream.count] {
      var parser = EventStreamParser(eventLimitBytes: 64)
      var events: [SeenEvent] = []
      for piece in stream.pieces(of: size) { parser.parse(piece) { events.append(SeenEvent($0)) } }
      #expect(events == [.init("a"), .init("b", id: "1"), .init("f", id: "1")])
      #expect(parser.droppedEvents == 5)
    }
  }

  @Test("the limit is met exactly, whatever the pieces", arguments: [1, 3, 1000])
  func exact(size: Int) {
    func dropped(valueBytes: Int) -> Int {
      let stream = Array("data:\(String(repeating: "x", count: valueBytes))\n\n".utf8)
      var parser = EventStreamParser(eventLimitBytes: 100)
      for piece in stream.pieces(of: size) { parser.parse(piece) { _ in } }
      return parser.droppedEvents
    }
    #expect(dropped(valueBytes: 95) == 0)
    #expect(dropped(valueBytes: 96) == 1)
  }

  @Test("comments and unknown fields may be of any length", arguments: [1, 5, 1000])
  func unbounded(size: Int) {
    let long = String(repeating: "x", count: 1000)
    let stream = Array(":\(long)\n\(long): 1\nrates\(long)\ndata: a\n:\(long)\r\n\r\n".utf8)
    var parser = EventStreamParser(eventLimitBytes: 64)
    var events: [SeenEvent] = []
    for piece in stream.pieces(of: size) { parser.parse(piece) { events.append(SeenEvent($0)) } }
    #expect(events == [.init("a")])
    #expect(parser.droppedEvents == 0)
  }

  @Test("a long line in small pieces takes time in proportion", .timeLimit(.minutes(1)))
  func longLine() {
    let piece = [UInt8](repeating: 0x78, count: 50)
    var parser = EventStreamParser()
    var lengths: [Int] = []
    parser.parse(Array("data:".utf8)) { _ in }
    for _ in 0..<200_000 { parser.parse(piece) { _ in } }
    parser.parse(Array("\n\n".utf8)) { lengths.append($0.data.utf8.count) }
    #expect(lengths == [10_000_000])
    #expect(parser.offset == 10_000_007)
  }

  @Test(
    "CR alone, blank lines alone and control bytes alone take time in proportion",
    .timeLimit(.minutes(1)), arguments: [0x0D, 0x0A, 0x00, 0x09, 0x3A] as [UInt8])
  func monotonous(byte: UInt8) {
    let stream = [UInt8](repeating: byte, count: 1_000_000)
    var parser = EventStreamParser()
    var events = 0
    parser.parse(stream) { _ in events += 1 }
    for piece in stream.prefix(100_000) { parser.parse([piece]) { _ in events += 1 } }
    #expect(events == 0)
    #expect(parser.offset == 1_100_000)
  }
}
