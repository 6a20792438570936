/// What stands at a place of a JSON text, and where it ends: the grammar without the values. (RFC
/// 8259)
///
/// The pointer must outlive the scanner, which lives no longer than the call that makes it.
package struct JSONScanner {
  /// The deepest nesting that any caller can ask for, so that what walks through a value by
  /// recursion has a bound that holds.
  static let deepest = 1000

  package let text: UnsafeBufferPointer<UInt8>
  /// Where it stands.
  package var index: Int
  private let nesting: Int
  private let valueLimit: Int
  private var values = 0

  /// Creates a scanner at the beginning of a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  ///   - values: How many values there may be.
  package init(_ text: UnsafeBufferPointer<UInt8>, nesting: Int = 64, values: Int = .max) {
    self.text = text
    index = 0
    self.nesting = min(nesting, Self.deepest)
    valueLimit = values
  }

  mutating func skipSpace() {
    while index < text.count {
      switch text[index] {
      case 0x20, 0x09, 0x0a, 0x0d: index += 1
      default: return
      }
    }
  }

  /// The byte at the index, where white space cannot be, without taking it.
  func byte() throws(JSONError) -> UInt8 {
    guard index < text.count else { throw JSONError(.unexpectedEnd, offset: index) }
    return text[index]
  }

  /// Skips white space and returns the byte behind it, without taking it.
  mutating func peek() throws(JSONError) -> UInt8 {
    skipSpace()
    return try byte()
  }

  /// Counts the value that begins.
  mutating func countValue() throws(JSONError) {
    values += 1
    guard values <= valueLimit else { throw JSONError(.tooMany(valueLimit), offset: index) }
  }

  /// Takes the bracket of an array or an object that begins at a depth.
  mutating func enter(depth: Int) throws(JSONError) {
    guard depth < nesting else { throw JSONError(.tooDeep(nesting), offset: index) }
    index += 1
  }

  /// Takes one byte, which must be that one.
  mutating func take(_ expected: UInt8) throws(JSONError) {
    let byte = try byte()
    guard byte == expected else { throw JSONError(.unexpectedByte(byte), offset: index) }
    index += 1
  }

  /// Takes the comma after an element, or the bracket that closes; returns whether it was that.
  mutating func takesLast(before close: UInt8) throws(JSONError) -> Bool {
    let byte = try byte()
    guard byte == close || byte == UInt8(ascii: ",") else {
      throw JSONError(.unexpectedByte(byte), offset: index)
    }
    index += 1
    return byte == close
  }

  /// There is nothing but white space behind the value.
  mutating func end() throws(JSONError) {
    skipSpace()
    guard index == text.count else { throw JSONError(.trailingBytes, offset: index) }
  }

  /// Takes a number and returns where it stands.
  package mutating func number() throws(JSONError) -> Range<Int> {
    let start = index
    if text[index] == UInt8(ascii: "-") { index += 1 }
    let whole = index
    try digits()
    if text[whole] == UInt8(ascii: "0"), index - whole > 1 {
      throw JSONError(.invalidNumber, offset: whole)
    }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
        index += 1
      }
      try digits()
    }
    return start..<index
  }

  /// Takes one digit or more.
  private mutating func digits() throws(JSONError) {
    let start = index
    while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
    guard index > start else { throw JSONError(.invalidNumber, offset: index) }
  }

  /// Takes a literal name.
  mutating func literal(_ name: StaticString) throws(JSONError) {
    let expected = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    guard text[index...].starts(with: expected) else {
      throw JSONError(.unexpectedByte(text[index]), offset: index)
    }
    index += expected.count
  }

  /// Says what stands where a key must.
  func expectKey() throws(JSONError) {
    let byte = try byte()
    guard byte == UInt8(ascii: "\"") else {
      throw JSONError(.unexpectedByte(byte), offset: index)
    }
  }

  /// Takes a key and returns the bytes that it stands for.
  mutating func key() throws(JSONError) -> [UInt8] {
    try expectKey()
    return try string()
  }

  /// Takes a string and returns the bytes that it stands for.
  package mutating func string() throws(JSONError) -> [UInt8] {
    let start = index + 1
    let plain = JSONString.plainEnd(in: text, from: start)
    if plain < text.count, text[plain] == UInt8(ascii: "\"") {
      // As most strings do, it stands for its own bytes.
      index = plain + 1
      return Array(UnsafeBufferPointer(rebasing: text[start..<plain]))
    }
    return try escapedString(from: start)
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> [UInt8] {
    let room = JSONString.closingQuote(in: text, from: start) - start + 1
    // The inside of a string without its quote cannot be read past: the error says where it ends.
    let inside = UnsafeBufferPointer(rebasing: text[..<min(start + room, text.count)])
    var end = start
    var failure: JSONError?
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { output, count in
      guard let base = output.baseAddress else { return }
      do throws(JSONError) {
        let unescaped = try JSONString.unescape(inside, from: start, into: base)
        (end, count) = (unescaped.end, unescaped.count)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    index = end
    return bytes
  }
}
