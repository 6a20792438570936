internal import EventStream

/// The events of a stream in little more memory than their bytes: there may be very many small
/// ones.
///
/// A type or an ID that the event before has too is held once.
struct PlainEvents: Sendable {
  /// Where the parts of an event end in the bytes, one behind the other.
  ///
  /// The first begins where the event before ends. A type or an ID of no bytes is that of the event
  /// before.
  private struct Mark: Sendable {
    var typeEnd: Int
    /// Behind a line feed, which no ID has, so that an empty one can be told.
    var idEnd: Int
    var dataEnd: Int
  }

  private var bytes: [UInt8] = []
  private var marks: [Mark] = []
  private var type = ""
  private var lastEventID = ""

  var isEmpty: Bool { marks.isEmpty }

  mutating func append(_ event: ServerSentEvent) {
    if event.type != type {
      type = event.type
      bytes.append(contentsOf: type.utf8)
    }
    let typeEnd = bytes.count
    if event.lastEventID != lastEventID {
      lastEventID = event.lastEventID
      bytes.append(contentsOf: lastEventID.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    let idEnd = bytes.count
    bytes.append(contentsOf: event.data.utf8)
    marks.append(Mark(typeEnd: typeEnd, idEnd: idEnd, dataEnd: bytes.count))
  }
}

extension PlainEvents: Sequence {
  struct Element {
    var type: ArraySlice<UInt8>
    var lastEventID: ArraySlice<UInt8>
    var data: ArraySlice<UInt8>
  }

  struct Iterator: IteratorProtocol {
    private let events: PlainEvents
    private var index = 0
    private var start = 0
    private var type: ArraySlice<UInt8> = []
    private var lastEventID: ArraySlice<UInt8> = []

    init(_ events: PlainEvents) { self.events = events }

    mutating func next() -> Element? {
      guard index < events.marks.count else { return nil }
      let mark = events.marks[index]
      if start < mark.typeEnd { type = events.bytes[start..<mark.typeEnd] }
      if mark.typeEnd < mark.idEnd { lastEventID = events.bytes[mark.typeEnd..<(mark.idEnd - 1)] }
      index += 1
      start = mark.dataEnd
      return Element(
        type: type, lastEventID: lastEventID, data: events.bytes[mark.idEnd..<mark.dataEnd])
    }
  }

  func makeIterator() -> Iterator { Iterator(self) }
}
