import EventStream
import Testing

@Suite("The index of a whole body")
struct EventIndexTests {
  @Test("an event is in the chunk that holds the first byte of its blank line's end")
  func chunks() {
    // The three blank lines end at 9, at 19 and at 28.
    let body = Array("data: a\r\n\r\ndata: b\n\ndata: c\n\nrest".utf8)
    #expect(
      EventIndex(body: body, chunkEnds: [9, 10, body.count]).events.map(\.chunk) == [1, 2, 2])
    #expect(EventIndex(body: body, chunkEnds: [10, 19, 28]).events.map(\.chunk) == [0, 2, 3])
    #expect(EventIndex(body: body, chunkEnds: [5, 5, 19, 20]).events.map(\.chunk) == [2, 3, 4])
    #expect(EventIndex(body: body, chunkEnds: []).events.map(\.chunk) == [0, 0, 0])
  }

  @Test("chunks change the number of the chunk and nothing else")
  func independentOfChunks() {
    let body = Array(": hi\r\ndata: a\r\n\r\n\u{FEFF}\nevent: b\ndata: c\r\rid: 3\n\n".utf8)
    let events = EventIndex(body: body, chunkEnds: [body.count]).events
    for end in body.indices {
      let others = EventIndex(body: body, chunkEnds: [end, body.count]).events
      #expect(others.map(\.block) == events.map(\.block))
      #expect(others.map { SeenEvent($0) } == events.map { SeenEvent($0) })
      #expect(others.map(\.chunk) == events.map { $0.dispatchOffset < end ? 0 : 1 })
    }
  }

  @Test("comments and blocks without data belong to the event that follows")
  func blocks() {
    let body = Array(": a\n\nid: 1\n\ndata: b\n\n\ndata: c\n\n: end\n\n".utf8)
    let index = EventIndex(body: body, chunkEnds: [])
    #expect(index.events.map(\.block) == [0..<21, 21..<31])
    #expect(index.tail == 31..<body.count)
  }

  @Test("a body of no events is all tail")
  func onlyTail() {
    #expect(EventIndex(body: [], chunkEnds: []).tail == 0..<0)
    #expect(EventIndex(body: Array("data: a\n".utf8), chunkEnds: []).tail == 0..<8)
  }
}
