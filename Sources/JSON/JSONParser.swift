/// Reads one JSON text, strictly. (RFC 8259)
///
/// The pointer must outlive the parser, which lives no longer than the call that makes it.
struct JSONParser {
  /// The deepest nesting that any caller can ask for, so that recursion has a bound that holds.
  static let deepest = 1000

  private let text: UnsafeBufferPointer<UInt8>
  private let nesting: Int
  private(set) var index: Int

  init(_ text: UnsafeBufferPointer<UInt8>, from index: Int = 0, nesting: Int) {
    self.text = text
    self.index = index
    self.nesting = min(nesting, Self.deepest)
  }

  /// Reads the whole text as one value.
  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
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

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try members(depth: try deeper(depth)))
    case UInt8(ascii: "["): return .array(try elements(depth: try deeper(depth)))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case let byte: throw JSONError(.unexpectedByte(byte), offset: index)
    }
  }

  private func deeper(_ depth: Int) throws(JSONError) -> Int {
    guard depth < nesting else { throw JSONError(.tooDeep(nesting), offset: index) }
    return depth + 1
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSONValue.Member] {
    index += 1
    var members: [JSONValue.Member] = []
    if try peek() == UInt8(ascii: "}") {
      index += 1
      return members
    }
    while true {
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
      members.append(JSONValue.Member(key: key, value: try value(depth: depth)))
      if try isLast(before: UInt8(ascii: "}")) { return members }
    }
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
    index += 1
    var elements: [JSONValue] = []
    if try peek() == UInt8(ascii: "]") {
      index += 1
      return elements
    }
    while true {
      elements.append(try value(depth: depth))
      if try isLast(before: UInt8(ascii: "]")) { return elements }
    }
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
  /// Reads one JSON text, strictly.
  ///
  /// No byte order mark, no trailing comma, no leading zero, nothing behind the value. Duplicate keys
  /// are kept.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  /// - Throws: What was wrong, and at which byte.
  public init(parsing text: UnsafeBufferPointer<UInt8>, nesting: Int = 64) throws(JSONError) {
    var parser = JSONParser(text, nesting: nesting)
    self = try parser.document()
  }

  /// Reads one JSON text, strictly, from bytes.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  /// - Throws: What was wrong, and at which byte.
  public init(parsing bytes: [UInt8], nesting: Int = 64) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in
      try JSONValue(parsing: text, nesting: nesting)
    }
  }

  /// Reads one JSON text, strictly, from a string.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  /// - Throws: What was wrong, and at which byte.
  public init(parsing text: String, nesting: Int = 64) throws(JSONError) {
    var text = text
    // `withUTF8` would lose the type of the error.
    let result = text.withUTF8 { text in
      Result { () throws(JSONError) in try JSONValue(parsing: text, nesting: nesting) }
    }
    self = try result.get()
  }
}
