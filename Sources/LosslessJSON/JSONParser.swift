/// Reads one JSON text, strictly. (RFC 8259)
///
/// The pointer must outlive the parser, which lives no longer than the call that makes it.
struct JSONParser {
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

  private var scanner: JSONScanner

  init(_ text: UnsafeBufferPointer<UInt8>, nesting: Int, values: Int) {
    scanner = JSONScanner(text, nesting: nesting, values: values)
  }

  /// Reads the whole text as one value.
  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    try scanner.end()
    return value
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
        scanner.skipSpace()
        guard try scanner.takesLast(before: open[last].close) else {
          if open[last].isObject { open[last].key = try key() }
          break
        }
        value = open.removeLast().value
      }
    }
  }

  /// Reads a value that nothing stands in, or opens one; nil where it did that.
  private mutating func begin(_ open: inout [Open]) throws(JSONError) -> JSONValue? {
    try scanner.countValue()
    switch try scanner.peek() {
    case UInt8(ascii: "{"):
      guard try enters(&open, Open(isObject: true)) else { return .object([]) }
      open[open.count - 1].key = try key()
      return nil
    case UInt8(ascii: "["):
      return try enters(&open, Open(isObject: false)) ? nil : .array([])
    case UInt8(ascii: "\""): return .string(try scanner.string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = UnsafeBufferPointer(rebasing: scanner.text[try scanner.number()])
      return .number(String(decoding: number, as: UTF8.self))
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case let byte: throw JSONError(.unexpectedByte(byte), offset: scanner.index)
    }
  }

  /// Takes the bracket that opens, and returns whether anything stands in it; else it is closed as
  /// well.
  private mutating func enters(_ open: inout [Open], _ new: Open) throws(JSONError) -> Bool {
    try scanner.enter(depth: open.count)
    guard try scanner.peek() != new.close else {
      scanner.index += 1
      return false
    }
    open.append(new)
    return true
  }

  /// Reads a key and the colon behind it.
  private mutating func key() throws(JSONError) -> [UInt8] {
    scanner.skipSpace()
    let key = try scanner.key()
    scanner.skipSpace()
    try scanner.take(UInt8(ascii: ":"))
    return key
  }

  private mutating func literal(
    _ name: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    try scanner.literal(name)
    return value
  }
}

extension JSONValue {
  /// How many values a text may have unless told otherwise.
  public static let valueLimit = 500_000

  /// Reads one JSON text, strictly.
  ///
  /// No byte order mark, no trailing comma, no leading zero, nothing behind the value. Duplicate
  /// keys are kept.
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
