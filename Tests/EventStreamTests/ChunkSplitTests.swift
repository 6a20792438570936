import EventStream
import Testing

/// Streams in the pieces in which they trouble parsers.
struct SplitCase: Sendable, CustomTestStringConvertible {
  let pieces: [[UInt8]]
  let data: [String]

  init(_ pieces: [String], _ data: [String]) {
    self.init(pieces.map { Array($0.utf8) }, data)
  }

  init(_ pieces: [[UInt8]], _ data: [String]) {
    self.pieces = pieces
    self.data = data
  }

  var testDescription: String { pieces.map { "\($0.count)" }.joined(separator: "+") }

  static let all: [SplitCase] = [
    SplitCase(["data: A\r\n", "data: B\r", "\n", "data: C\r\n", "\n"], ["A\nB\nC"]),
    SplitCase(
      ["data: Hello\r", "\ndata: World\r", "\n\r\ndata: OK\r", "\n", "\r", "\n"],
      ["Hello\nWorld", "OK"]),
    SplitCase(["data: one\r", "\r", "\n"], ["one"]),
    SplitCase(["data: one\n:ignored\r", "data: two\n\n"], ["one\ntwo"]),
    SplitCase(["data: one\ndata\r", "\ndata: two\n\n"], ["one\n\ntwo"]),
    SplitCase([[0xEF], [0xBB], [0xBF], Array("data: x\n\n".utf8)], ["x"]),
    SplitCase([[0xEF, 0xBB]], []),
    SplitCase([Array("data: ".utf8) + [0xE2], [0x82], [0xAC, 0x0A, 0x0A]], ["€"]),
    SplitCase(["data: test", "test\n\ndata:", "test\n\n"], ["testtest", "test"]),
    SplitCase(["da", "ta\n\n"], [""]),
    SplitCase(["data", ": x\n\n"], ["x"]),
    SplitCase(["data:", " x\n\n"], ["x"]),
    SplitCase(["data: ", " x\n\n"], [" x"]),
    SplitCase(["data:x\r", "", "\n", "", "\n"], ["x"]),
    SplitCase(["data:x\r", "\r", "data:y\r", "\r"], ["x", "y"]),
    SplitCase(["datax", ": no\ndata: y\n\n"], ["y"]),
    SplitCase([":", " comment\ndata: y\n\n"], ["y"]),
    SplitCase(["foobar", "\ndata: y\n\n"], ["y"]),
    SplitCase(["foobar", "", "\n\ndata: y\n\n"], ["y"]),
  ]
}

@Suite("Pieces of a stream")
struct ChunkSplitTests {
  @Test("lines and characters may be split anywhere", arguments: SplitCase.all)
  func pieces(row: SplitCase) {
    let reading = Reading(pieces: row.pieces)
    #expect(reading.events.map(\.data) == row.data.map { Array($0.utf8) })
    #expect(reading == Reading(pieces: [Array(row.pieces.joined())]))
  }

  @Test("a CR ends its line at once: the event does not wait for a LF")
  func carriageReturnDispatches() {
    var parser = EventStreamParser()
    var events: [ServerSentEvent] = []
    parser.parse(Array("data: one\r".utf8), chunk: 4) { events.append($0) }
    #expect(events.isEmpty)
    parser.parse(Array("\r".utf8), chunk: 5) { events.append($0) }
    #expect(events.map(\.data) == ["one"])
    #expect(events.map(\.chunk) == [5])
    #expect(events.map(\.block) == [0..<11])
    parser.parse(Array("\n".utf8), chunk: 6) { events.append($0) }
    #expect(events.count == 1)
    parser.parse(Array("data: two\n\n".utf8), chunk: 7) { events.append($0) }
    #expect(events.map(\.block) == [0..<11, 12..<23])
    #expect(events.map(\.dispatchOffset) == [10, 22])
  }

  @Test("a piece that holds the LF of a CR LF gives it to the block")
  func lineFeedInside() {
    var parser = EventStreamParser()
    var blocks: [Range<Int>] = []
    parser.parse(Array("data: a\r\n\r\ndata: b\r\n\r\n".utf8)) { blocks.append($0.block) }
    #expect(blocks == [0..<11, 11..<22])
  }

  @Test("an emit that throws leaves the parser behind its event, ready to go on")
  func emitThrows() throws {
    struct Stop: Error {}
    let stream = Array("data: a\r\n\r\ndata: b\n\n".utf8)
    var parser = EventStreamParser()
    var data: [String] = []
    #expect(throws: Stop.self) {
      try parser.parse(stream) { _ in throw Stop() }
    }
    #expect(parser.offset == 11)
    parser.parse(Array(stream[parser.offset...])) { data.append($0.data) }
    #expect(data == ["b"])
    #expect(parser.offset == stream.count)
  }

  @Test("the end of the stream drops what no blank line ended, an ID too, and begins anew")
  func finish() {
    var parser = EventStreamParser()
    var events: [SeenEvent] = []
    parser.parse(Array("id: 1\nretry: 7\ndata: a\n\nid: 2\nevent: e\ndata: b\nda".utf8)) {
      events.append(SeenEvent($0))
    }
    parser.finish()
    #expect(parser.lastEventID == "1")
    parser.parse(Array("\u{FEFF}data: c\n\n".utf8)) { events.append(SeenEvent($0)) }
    #expect(events == [.init("a", id: "1"), .init("c", id: "1")])
    #expect(parser.reconnectionTimeMilliseconds == 7)
  }
}
