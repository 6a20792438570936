/// The texts of an answer whose strings a client joins.
enum AnswerUnits {
  /// The data of the events of an event stream.
  case events
  /// The lines of JSON, as in the streams of Ollama.
  case lines
  /// The elements of an array, as in the streams of Gemini.
  case elements

  /// What one of them is called.
  var name: String {
    switch self {
    case .events: "event"
    case .lines: "line"
    case .elements: "element"
    }
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let dataField = Array("data".utf8)
  /// What an event stream begins with, also where the head says that it is something else.
  private static let fields = ["data:", "event:", "id:", "retry:"].map { Array($0.utf8) }

  /// Finds out what an answer consists of; nil where nothing in it is joined.
  init?(of answer: AnswerBody) {
    guard !answer.isEventStream else {
      self = .events
      return
    }
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    let mark = answer.bytes.starts(with: Self.byteOrderMark) ? 3 : 0
    let start = answer.bytes[mark...].drop { blanks.contains($0) }
    switch start.first {
    case UInt8(ascii: "[")?: self = .elements
    case UInt8(ascii: "{")?:
      guard start.dropLast().contains(0x0A) else { return nil }
      self = .lines
    default:
      guard Self.fields.contains(where: { start.starts(with: $0) }) else { return nil }
      self = .events
    }
  }

  /// Goes through the texts.
  ///
  /// - Parameters:
  ///   - body: The whole body.
  ///   - take: Gets the number of each, from 1, and where its parts stand: of an event the lines of
  ///     its data, of all others one.
  func forEach(
    in body: UnsafeBufferPointer<UInt8>, _ take: (_ number: Int, _ parts: [Range<Int>]) -> Void
  ) {
    switch self {
    case .events: Self.forEachEvent(in: body, take)
    case .lines: Self.forEachLine(in: body, take)
    case .elements: Self.forEachElement(in: body, take)
    }
  }

  /// The last event counts also where it breaks off. (WHATWG HTML, 9.2.6)
  private static func forEachEvent(
    in body: UnsafeBufferPointer<UInt8>, _ take: (Int, [Range<Int>]) -> Void
  ) {
    var number = 1
    var parts: [Range<Int>] = []
    var place = body.starts(with: byteOrderMark) ? 3 : 0
    while place < body.count {
      var end = place
      while end < body.count, body[end] != 0x0A, body[end] != 0x0D { end += 1 }
      if end > place {
        if let value = data(in: body, place..<end) { parts.append(value) }
      } else if !parts.isEmpty {
        take(number, parts)
        number += 1
        parts.removeAll(keepingCapacity: true)
      }
      let isPair = end + 1 < body.count && body[end] == 0x0D && body[end + 1] == 0x0A
      place = end + (isPair ? 2 : 1)
    }
    if !parts.isEmpty { take(number, parts) }
  }

  /// The value of a line that is a `data` field.
  private static func data(
    in body: UnsafeBufferPointer<UInt8>, _ line: Range<Int>
  ) -> Range<Int>? {
    let end = line.lowerBound + dataField.count
    guard end <= line.upperBound, body[line.lowerBound..<end].elementsEqual(dataField) else {
      return nil
    }
    guard end < line.upperBound else { return end..<end }
    guard body[end] == UInt8(ascii: ":") else { return nil }
    let hasSpace = end + 1 < line.upperBound && body[end + 1] == 0x20
    return (end + (hasSpace ? 2 : 1))..<line.upperBound
  }

  private static func forEachLine(
    in body: UnsafeBufferPointer<UInt8>, _ take: (Int, [Range<Int>]) -> Void
  ) {
    var number = 1
    var place = 0
    while place < body.count {
      let end = body[place...].firstIndex(of: 0x0A) ?? body.count
      if end > place {
        take(number, [place..<end])
        number += 1
      }
      place = end + 1
    }
  }

  private static func forEachElement(
    in body: UnsafeBufferPointer<UInt8>, _ take: (Int, [Range<Int>]) -> Void
  ) {
    guard var place = body.firstIndex(of: UInt8(ascii: "[")).map({ $0 + 1 }) else { return }
    var (number, depth, start) = (1, 0, place)
    while place < body.count {
      switch body[place] {
      case UInt8(ascii: "\""):
        place += 1
        while place < body.count, body[place] != UInt8(ascii: "\"") {
          place += body[place] == UInt8(ascii: "\\") ? 2 : 1
        }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        guard depth >= 0 else { return take(number, [start..<place]) }
      case UInt8(ascii: ",") where depth == 0:
        take(number, [start..<place])
        (number, start) = (number + 1, place + 1)
      default: break
      }
      place += 1
    }
    if start < body.count { take(number, [start..<body.count]) }
  }
}
