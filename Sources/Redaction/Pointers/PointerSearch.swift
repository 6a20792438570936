public import LosslessJSON

/// The way to a value of a JSON document that must not be written down.
///
/// It is a JSON pointer in which the token `*` stands for every element of an array and every
/// member of an object, as in `/messages/*/content`. (RFC 6901, but for the `*`)
public struct RedactionPointer: Hashable, Sendable {
  /// One step of the way.
  struct Token: Hashable, Sendable {
    let key: [UInt8]
    /// The place in an array that the key writes, or nil.
    let index: Int?
    let isAny: Bool

    init(_ text: String) {
      key = Array(text.utf8)
      index = Int(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
      isAny = text == "*"
    }

    func leads(to key: [UInt8]) -> Bool { isAny || self.key == key }

    func leads(to index: Int) -> Bool { isAny || self.index == index }
  }

  let tokens: [Token]

  /// Creates a way from a pointer.
  public init(_ pointer: JSONPointer) { tokens = pointer.tokens.map(Token.init) }

  /// Parses a way.
  ///
  /// - Throws: What is wrong with it, in one sentence.
  public init(parsing text: String) throws(JSONPointerError) {
    self.init(try JSONPointer(parsing: text))
  }
}

/// Finds what pointers lead to in a body that grows: JSON documents, or an event stream.
///
/// The first byte says which: `{`, `[` or `"` begins JSON, and no event stream. An event is settled
/// when it is whole, JSON at the end of the body: until then nobody can tell what it holds.
struct PointerSearch: Sendable {
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let pointers: [RedactionPointer]

  /// The bytes before this are settled.
  private(set) var position = 0
  private var isJSON: Bool?
  /// How much of the beginning says nothing of what the body is.
  private var blankBytes = 0
  private var lineStart = 0
  private var scanned = 0
  /// The data of the event that is not whole, line by line.
  private var data: [Range<Int>] = []

  init(_ pointers: [RedactionPointer]) { self.pointers = pointers }

  /// Looks at what has come since the last call.
  mutating func search(_ bytes: [UInt8], isFinal: Bool, _ covers: inout [Cover]) {
    if isJSON == nil {
      let blank: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
      let start = bytes[blankBytes...].firstIndex { !blank.contains($0) }
      blankBytes = start ?? bytes.count
      isJSON = start.map { "{[\"".utf8.contains(bytes[$0]) }
    }
    guard isJSON == false else {
      if isFinal {
        finishJSON(bytes, &covers)
        position = bytes.count
      }
      return
    }
    while let end = bytes[scanned...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
      endLine(at: end, in: bytes, &covers)
    }
    scanned = bytes.count
    if isFinal {
      if lineStart < bytes.count { take(lineStart..<bytes.count, of: bytes) }
      dispatch(bytes, &covers)
      position = bytes.count
    }
  }

  /// Goes on in a text of which the first bytes are gone.
  mutating func forget(_ count: Int) {
    position -= count
    lineStart -= count
    scanned -= count
    for index in data.indices { data[index] = data[index].shifted(by: -count) }
  }

  private func finishJSON(_ bytes: [UInt8], _ covers: inout [Cover]) {
    let mark = bytes.starts(with: Self.byteOrderMark) ? 3 : 0
    let found = PointedValues(in: Array(bytes[mark...]), pointers).covers
    covers += found.map { Cover(range: $0.range.shifted(by: mark), isNumber: $0.isNumber) }
  }

  /// Takes a line; the LF of a CR LF ends none. (WHATWG HTML, 9.2.6)
  private mutating func endLine(at end: Int, in bytes: [UInt8], _ covers: inout [Cover]) {
    let isSecondOfPair = bytes[end] == 0x0A && end == lineStart && end > 0 && bytes[end - 1] == 0x0D
    if !isSecondOfPair {
      if end == lineStart {
        dispatch(bytes, &covers)
      } else {
        take(lineStart..<end, of: bytes)
      }
    }
    lineStart = end + 1
    scanned = end + 1
    if data.isEmpty { position = lineStart }
  }

  /// Keeps the value of a `data` field.
  private mutating func take(_ line: Range<Int>, of bytes: [UInt8]) {
    var start = line.lowerBound
    if start == 0, bytes[line].starts(with: Self.byteOrderMark) { start = 3 }
    guard bytes[start..<line.upperBound].starts(with: "data:".utf8) else { return }
    start += 5
    if start < line.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
    data.append(start..<line.upperBound)
  }

  /// Covers what the event holds; of several lines, each its part.
  private mutating func dispatch(_ bytes: [UInt8], _ covers: inout [Cover]) {
    defer { data.removeAll(keepingCapacity: true) }
    guard let last = data.last else { return }
    var text: [UInt8] = []
    for line in data {
      text += bytes[line]
      if line != last { text.append(0x0A) }
    }
    var found = PointedValues(in: text, pointers).covers[...]
    var start = 0
    for line in data {
      let part = start..<(start + line.count)
      // They are in order: what ends before a line concerns none behind it.
      found = found.drop { $0.range.upperBound <= part.lowerBound }
      for cover in found.prefix(while: { $0.range.lowerBound < part.upperBound }) {
        let range = cover.range.clamped(to: part).shifted(by: line.lowerBound - start)
        covers.append(Cover(range: range, isNumber: cover.isNumber))
      }
      start = part.upperBound + 1
    }
  }
}

extension Range<Int> {
  fileprivate func shifted(by distance: Int) -> Range<Int> {
    (lowerBound + distance)..<(upperBound + distance)
  }
}
