/// Reads one JSON text, strictly. (RFC 8259)
///
/// The pointer must outlive the parser, which lives no longer than the call that makes it.
struct JSONParser {
  /// The deepest nesting that any caller can ask for, so that what walks through a value by recursion has
  /// a bound that holds.
  static let deepest = 1000

  private let text: UnsafeBufferPointer<UInt8>
  private let nesting: Int
  private let valueLimit: Int
  private var values = 0
  private(set) var index: Int

  init(_ text: UnsafeBufferPointer<UInt8>, from index: Int = 0, nesting: Int, values: Int) {
    self.text = text
    self.index = index
    self.nesting = min(nesting, Self.deepest)
    valueLimit = values
  }

  /// Reads the whole text as one value.
  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard index == text.count else { throw JSONError(.trailingBytes, offset: index) }
    return value
  }

  private mutating func skipSpace() {
    while index < text.count {
      switch text[index] {
      case 0x20, 0x09, 0x0a, 0x0d: index += 1
      default: return
      }
    }
  }

  /// Skips white space and returns the byte behind it, without taking it.
  private mutating func peek() throws(JSONError) -> UInt8 {
    skipSpace()
    guard index < text.count else { throw JSONError(.unexpectedEnd, offset: index) }
    return text[index]
  }

  /// An array or an object of which the end has not been read.
  private struct Open {
    let isObject: Bool
    var elements: [JSONValue] = []
    var members: [JSONValue.Member] = []
    /// The key of the member whose value comes next.
    var key: [UInt8] = []

    var close: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }
    var value: JSONValue { isObject ? .object(members) : .array(elements) }

    mutating func take(_ value: JSONValue) {
      if isObject {
        members.append(JSONValue.Member(key: key, value: value))
      } else {
        elements.append(value)
      }
    }
  }

  /// Reads one value with all that stands in it.
  ///
  /// What is open is kept in an array and not on the stack, of which a thread may have little.
  private mutating func value() throws(JSONError) -> JSONValue {
    var open: [Open] = []
    while true {
      guard var value = try begin(&open) else { continue }
      while true {
        guard let last = open.indices.last else { return value }
        open[last].take(value)
        guard try isLast(before: open[last].close) else {
          if open[last].isObject { open[last].key = try key() }
          break
        }
        value = open.removeLast().value
      }
    }
  }

  /// Reads a value that nothing stands in, or opens one; nil where it did that.
  private mutating func begin(_ open: inout [Open]) throws(JSONError) -> JSONValue? {
    values += 1
    guard values <= valueLimit else { throw JSONError(.tooMany(valueLimit), offset: index) }
    switch try peek() {
    case UInt8(ascii: "{"):
      try enter(&open, isObject: true)
      if try isEmpty(&open) { return .object([]) }
      open[open.count - 1].key = try key()
      return nil
    case UInt8(ascii: "["):
      try enter(&open, isObject: false)
      return try isEmpty(&open) ? .array([]) : nil
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case let byte: throw JSONError(.unexpectedByte(byte), offset: index)
    }
  }

  private mutating func enter(_ open: inout [Open], isObject: Bool) throws(JSONError) {
    guard open.count < nesting else { throw JSONError(.tooDeep(nesting), offset: index) }
    index += 1
    open.append(Open(isObject: isObject))
  }

  /// Takes the bracket that closes what was just opened, where nothing stands in it.
  private mutating func isEmpty(_ open: inout [Open]) throws(JSONError) -> Bool {
    let byte = try peek()
    guard let last = open.last, byte == last.close else { return false }
    index += 1
    open.removeLast()
    return true
  }

  /// Reads a key and the colon behind it.
  private mutating func key() throws(JSONError) -> [UInt8] {
    let quote = try peek()
    guard quote == UInt8(ascii: "\"") else {
      throw JSONError(.unexpectedByte(quote), offset: index)
    }
    let key = try string()
    let colon = try peek()
    guard colon == UInt8(ascii: ":") else {
      throw JSONError(.unexpectedByte(colon), offset: index)
    }
    index += 1
    return key
  }

  /// Takes the comma after an element, or the bracket that closes.
  private mutating func isLast(before close: UInt8) throws(JSONError) -> Bool {
    let byte = try peek()
    guard byte == close || byte == UInt8(ascii: ",") else {
      throw JSONError(.unexpectedByte(byte), offset: index)
    }
    index += 1
    return byte == close
  }

  private mutating func string() throws(JSONError) -> [UInt8] {
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

  private mutating func number() throws(JSONError) -> String {
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
      if index < text.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text[index]) {
        index += 1
      }
      try digits()
    }
    return String(decoding: UnsafeBufferPointer(rebasing: text[start..<index]), as: UTF8.self)
  }

  /// Takes one digit or more.
  private mutating func digits() throws(JSONError) {
    let start = index
    while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
    guard index > start else { throw JSONError(.invalidNumber, offset: index) }
  }

  private mutating func literal(
    _ name: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    let expected = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    guard text[index...].starts(with: expected) else {
      throw JSONError(.unexpectedByte(text[index]), offset: index)
    }
    index += expected.count
    return value
  }
}

extension JSONValue {
  /// How many values a text may have unless told otherwise.
  public static let valueLimit = 500_000

  /// Reads one JSON text, strictly.
  ///
  /// No byte order mark, no trailing comma, no leading zero, nothing behind the value. Duplicate keys
  /// are kept.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  ///   - values: How many values there may be: one takes some 50 bytes, and as few as two of text.
  /// - Throws: What was wrong, and at which byte.
  public init(
    parsing text: UnsafeBufferPointer<UInt8>, nesting: Int = 64, values: Int = Self.valueLimit
  ) throws(JSONError) {
    var parser = JSONParser(text, nesting: nesting, values: values)
    self = try parser.document()
  }

  /// Reads one JSON text, strictly, from bytes.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  ///   - values: How many values there may be: one takes some 50 bytes, and as few as two of text.
  /// - Throws: What was wrong, and at which byte.
  public init(
    parsing bytes: [UInt8], nesting: Int = 64, values: Int = Self.valueLimit
  ) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in
      try JSONValue(parsing: text, nesting: nesting, values: values)
    }
  }

  /// Reads one JSON text, strictly, from a string.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  ///   - values: How many values there may be: one takes some 50 bytes, and as few as two of text.
  /// - Throws: What was wrong, and at which byte.
  public init(
    parsing text: String, nesting: Int = 64, values: Int = Self.valueLimit
  ) throws(JSONError) {
    var text = text
    // `withUTF8` would lose the type of the error.
    let result = text.withUTF8 { text in
      Result { () throws(JSONError) in
        try JSONValue(parsing: text, nesting: nesting, values: values)
      }
    }
    self = try result.get()
  }
}
