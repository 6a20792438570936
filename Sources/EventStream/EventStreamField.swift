/// The field of a line, where it is one of the four that the grammar gives a meaning.
///
/// Names are compared as bytes, so their case counts, and a colon or a space that a combining mark
/// follows is still a colon or a space. (WHATWG HTML, 9.2.6)
struct EventStreamField {
  /// The names with a meaning; every other name is ignored.
  enum Name: CaseIterable {
    case data, event, id, retry

    /// The name's bytes as they stand in the stream.
    var spelling: StaticString {
      switch self {
      case .data: "data"
      case .event: "event"
      case .id: "id"
      case .retry: "retry"
      }
    }
  }

  /// The bytes that decide whether a line can be a field with a meaning: those of `event:`.
  static let longestPrefixBytes = 6

  /// Which field the line sets.
  let name: Name

  /// What follows the colon, less one leading space; empty where the line has no colon.
  let value: UnsafeBufferPointer<UInt8>

  /// Reads a whole line, without its line end; nil for comments and for names without a meaning.
  init?(line: UnsafeBufferPointer<UInt8>) {
    guard let name = Self.name(atStartOf: line) else { return nil }
    let nameEnd = name.spelling.utf8CodeUnitCount
    var start = nameEnd
    if start < line.count { start += 1 }
    if start < line.count, line[start] == .space { start += 1 }
    self.name = name
    self.value = line.part(start..<line.count)
  }

  /// The name that the line starts with, where a colon or the end of the line follows it.
  static func name(atStartOf line: UnsafeBufferPointer<UInt8>) -> Name? {
    guard let first = line.first else { return nil }
    let name: Name
    switch first {
    case UInt8(ascii: "d"): name = .data
    case UInt8(ascii: "e"): name = .event
    case UInt8(ascii: "i"): name = .id
    case UInt8(ascii: "r"): name = .retry
    default: return nil
    }
    let spelling = name.spelling
    let length = spelling.utf8CodeUnitCount
    guard line.count >= length, line.count == length || line[length] == .colon else { return nil }
    for place in 1..<length where line[place] != spelling.utf8Start[place] { return nil }
    return name
  }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// The number that the bytes write in ASCII digits, or nil where they are none or other bytes.
  ///
  /// A number that does not fit becomes the largest that does. (WHATWG HTML, 9.2.6, `retry`)
  var decimalDigits: UInt64? {
    guard !isEmpty else { return nil }
    var number: UInt64 = 0
    for byte in self {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (shifted, tooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, carried) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      number = tooLarge || carried ? .max : sum
    }
    return number
  }
}
