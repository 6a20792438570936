import EventStream
import Testing

/// One row: a body, and the places of what is odd about it.
struct OddityCase: Sendable, CustomTestStringConvertible {
  let kind: EventStreamOddity.Kind
  let body: [UInt8]
  let places: [Range<Int>]

  init(_ kind: EventStreamOddity.Kind, _ body: String, _ places: [Range<Int>]) {
    self.init(kind, Array(body.utf8), places)
  }

  init(_ kind: EventStreamOddity.Kind, _ body: [UInt8], _ places: [Range<Int>]) {
    self.kind = kind
    self.body = body
    self.places = places
  }

  var testDescription: String { "\(kind)" }

  static let all: [OddityCase] = [
    OddityCase(.byteOrderMark, "\u{FEFF}data: a\n\n", [0..<3]),
    OddityCase(.mixedLineEnds, "data: a\n\ndata: b\r\n\r\ndata: c\r\n\n", [9..<18, 29..<30]),
    OddityCase(.mixedLineEnds, "data: a\rdata: b\r\r", []),
    OddityCase(
      .invalidUTF8, Array("data: ".utf8) + [0xF0, 0x9F, 0x0A, 0xFF, 0x0A, 0x0A], [6..<8, 9..<10]),
    OddityCase(.nul, "data: \u{0}a\u{0}\n\n", [6..<7, 8..<9]),
    OddityCase(.unknownField, "{\"a\":1}\n: fine\nData: x\ndata: y\n\n", [0..<7, 15..<22]),
    OddityCase(.idWithNUL, "id: a\u{0}\nid: b\ndata: x\n\n", [0..<6]),
    OddityCase(.retryNotDigits, "retry: 1s\nretry: 10\nretry\ndata: x\n\n", [0..<9, 20..<25]),
    OddityCase(.blockWithoutData, ": c\n\nevent: ping\n\ndata: x\n\nid: 1\n\n", [5..<18, 27..<34]),
    OddityCase(.extraBlankLine, "\ndata: x\n\n\r\n\n", [0..<1, 10..<12, 12..<13]),
    OddityCase(.unfinishedTail, "data: x\n\ndata: y\n", [9..<17]),
    OddityCase(.unfinishedTail, "data: x\r\n\r\n", []),
  ]
}

@Suite("What is odd about a body")
struct OddityTests {
  @Test("an oddity is found where it is, and nowhere else", arguments: OddityCase.all)
  func places(row: OddityCase) {
    let oddities = EventStreamOddities(body: row.body)
    let found = oddities.found.filter { $0.kind == row.kind }
    #expect(found.map { $0.offset..<$0.offset + $0.length } == row.places)
    #expect(oddities.counts[row.kind, default: 0] == row.places.count)
  }

  @Test("every kind has a row here, and a sentence that begins with its place")
  func everyKind() {
    let found = OddityCase.all.flatMap { EventStreamOddities(body: $0.body).found }
    #expect(Set(found.map(\.kind)) == Set(EventStreamOddity.Kind.allCases))
    for oddity in found { #expect(oddity.description.hasPrefix("byte \(oddity.offset): ")) }
  }

  @Test("a common stream has nothing odd")
  func nothing() {
    let body = Array(": hi\r\n\r\nevent: a\r\nid: 1\r\nretry: 5\r\ndata: {\"é\": 1}\r\n\r\n".utf8)
    #expect(EventStreamOddities(body: body).found.isEmpty)
  }

  @Test("all are counted and the first of each kind are kept, in order")
  func bounded() {
    let body = Array(String(repeating: "x\u{0}\n\n", count: 100).utf8)
    let oddities = EventStreamOddities(body: body, limitPerKind: 3)
    #expect(oddities.counts == [.nul: 100, .unknownField: 100])
    #expect(oddities.found.map(\.offset) == [0, 1, 4, 5, 8, 9])
  }
}
