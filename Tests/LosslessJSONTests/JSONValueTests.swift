import TestSupport
import Testing

@testable import LosslessJSON

@Suite struct JSONValueTests {
  @Test(
    "a text that RFC 8259 allows is read and written canonically",
    arguments: [
      ("null", "null"), (" \t\r\n[ ] ", "[]"), ("{ }", "{}"), ("-0", "-0"), ("1E+2", "1E+2"),
      ("0.10", "0.10"), ("123456789012345678901234567890", "123456789012345678901234567890"),
      (#"{"b":1,"a":[true,false],"b":2}"#, #"{"b":1,"a":[true,false],"b":2}"#),
      (#""\/\u002f\u00e9\n""#, #""//é\n""#), (#""\u001F\u007f""#, "\"\\u001f\u{7f}\""),
      (#""\ud83d\udcfc""#, "\"\u{1F4FC}\""), (#""\ud83d""#, #""\ud83d""#),
      (#""\uDCFC\uD83D""#, #""\udcfc\ud83d""#), (#""\ud83d\ud83d\udcfc""#, "\"\\ud83d\u{1F4FC}\""),
      ("\"\u{feff}é\u{10ffff}\"", "\"\u{feff}é\u{10ffff}\""),
    ])
  func accepts(text: String, canonical: String) throws {
    let value = try JSONValue(parsing: Array(text.utf8))
    #expect(String(decoding: value.bytes, as: UTF8.self) == canonical)
    #expect(try JSONValue(parsing: value.bytes) == value)
  }

  @Test(
    "a text that RFC 8259 does not allow is refused at its byte",
    arguments: [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedByte(0x6e), 0),
      ("[1,]", .unexpectedByte(0x5d), 3), ("{\"a\":1,}", .unexpectedByte(0x7d), 7),
      ("[1 2]", .unexpectedByte(0x32), 3), ("{\"a\" 1}", .unexpectedByte(0x31), 5),
      ("{a:1}", .unexpectedByte(0x61), 1), ("01", .invalidNumber, 0), ("-01", .invalidNumber, 1),
      ("1.", .invalidNumber, 2), (".5", .unexpectedByte(0x2e), 0), ("1e", .invalidNumber, 2),
      ("-", .invalidNumber, 1), ("+1", .unexpectedByte(0x2b), 0), ("1 x", .trailingBytes, 2),
      ("\"a\nb\"", .controlCharacter, 2), ("\"abc", .unexpectedEnd, 4),
      ("\"abcdefgh\\", .unexpectedEnd, 10), (#""\x""#, .invalidEscape, 1),
      (#""\u12g4""#, .invalidEscape, 1), (#""\u123"#, .invalidEscape, 1),
      ("\u{feff}1", .unexpectedByte(0xef), 0), ("'a'", .unexpectedByte(0x27), 0),
      ("NaN", .unexpectedByte(0x4e), 0), ("[1]]", .trailingBytes, 3),
      ("\u{0}", .unexpectedByte(0), 0),
    ] as [(String, JSONError.Reason, Int)])
  func refuses(text: String, reason: JSONError.Reason, offset: Int) {
    #expect(throws: JSONError(reason, offset: offset)) {
      try JSONValue(parsing: Array(text.utf8))
    }
  }

  @Test(
    "bytes that are not UTF-8 are refused where they begin, anywhere in a string",
    arguments: [
      [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80],
      [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5], [0xff], [0xe2, 0x82],
    ] as [[UInt8]], 0..<18)
  func refusesInvalidUTF8(bytes: [UInt8], position: Int) {
    let before = [UInt8](repeating: 0x61, count: position)
    let text = [0x22] + before + bytes + [0x22]
    #expect(throws: JSONError(.invalidUTF8, offset: 1 + position)) {
      try JSONValue(parsing: text)
    }
    #expect(!UTF8Check.isValid(before + bytes))
  }

  @Test(
    "a string is read the same wherever something special stands in it, and whatever follows it",
    arguments: [
      ("", ""), (#"\""#, "\""), (#"\\"#, "\\"), (#"\n"#, "\n"), ("é", "é"), ("\u{7f}", "\u{7f}"),
      ("\u{1F4FC}", "\u{1F4FC}"),
    ], 0..<18)
  func strings(special: (written: String, read: String), position: Int) throws {
    for after in [0, 1, 7, 8, 9, 20] {
      let before = String(repeating: "a", count: position)
      let end = String(repeating: "b", count: after)
      let text = "{\"\(before)\(special.written)\(end)\":1}"
      let value = try JSONValue(parsing: text)
      #expect(value == .object([.init(before + special.read + end, .number(1))]))
      let cut = Array(text.utf8.dropLast(4))
      #expect(throws: JSONError(.unexpectedEnd, offset: cut.count)) { try JSONValue(parsing: cut) }
    }
  }

  @Test("nesting is allowed up to the limit and no deeper")
  func nesting() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSONValue(parsing: nested(64))
    #expect(throws: JSONError(.tooDeep(64), offset: 64)) { try JSONValue(parsing: nested(65)) }
    #expect(throws: JSONError(.tooDeep(1000), offset: 1000)) {
      try JSONValue(parsing: nested(100_000), nesting: .max)
    }
  }

  @Test(
    "two texts are equal as JSON when keys, strings and numbers are, whatever their order and form",
    arguments: [
      (#"{"a":1,"b":[2, "x"]}"#, #"{ "b" : [2,"\u0078"], "a":1 }"#, true),
      (#"{"a":1,"a":2}"#, #"{"a":2,"a":1}"#, false), ("[1,2]", "[2,1]", false),
      ("\"\u{e9}\"", "\"e\u{301}\"", false),
      (#"{"a":{"y":1,"x":2}}"#, #"{"a":{"x":2,"y":1}}"#, true),
      (#""\ud800""#, #""\ud801""#, false),
    ])
  func comparable(a: String, b: String, areEqual: Bool) throws {
    let a = try ComparableJSON(parsing: Array(a.utf8)).bytes
    let b = try ComparableJSON(parsing: Array(b.utf8)).bytes
    #expect((a == b) == areEqual)
  }

  /// Numbers, each list of one value.
  private static let values: [[String]] = [
    ["0", "-0", "0.0", "-0.00e5", "0e999999999999999999999"],
    ["1", "1.0", "1e0", "1E+0", "10e-1", "0.01e2", "1e00"],
    ["-1", "-1.00", "-100e-2"], ["100", "1e2", "1E2", "0.1e3", "100.000"],
    ["0.5", "5e-1", "0.50"], ["12.5", "1.25e1", "125e-1"],
    ["0.1000000000000000055511151231257827", "1000000000000000055511151231257827e-34"], ["0.1"],
    ["9007199254740993", "9007199254740993.0"], ["9007199254740992"],
    ["1e400", "10e399", "0.001e403"], ["1e-400", "0.1e-399"], ["1e401"],
    ["1e39", "1" + String(repeating: "0", count: 39)],
    ["1e40", "1" + String(repeating: "0", count: 40), "0.1e41"],
    ["1e99999999999999999999", "10e99999999999999999998", "0.1e100000000000000000000"],
    ["1e-99999999999999999999", "0.1e-99999999999999999998"],
    ["1e100000000000000000", "10e99999999999999999", "0.1e100000000000000001"],
    ["1e-100000000000000000", "0.1e-99999999999999999", "10e-100000000000000001"],
  ]

  @Test(
    "numbers are equal when their exact decimal values are, however large, and none is computed")
  func numbers() throws {
    let forms = try Self.values.map { texts in
      Set(try texts.map { try ComparableJSON(parsing: Array($0.utf8)).bytes })
    }
    for (form, texts) in zip(forms, Self.values) {
      #expect(form.count == 1, "\(texts)")
      let text = try #require(form.first)
      #expect(try ComparableJSON(parsing: text).bytes == text, "\(texts)")
    }
    #expect(Set(forms.flatMap(\.self)).count == Self.values.count)
    let plain = ["1", "-1", "100", "0.5", "12.5", "0.1", "9007199254740993"]
    for text in plain {
      #expect(try ComparableJSON(parsing: Array(text.utf8)).bytes == Array(text.utf8))
    }
  }

  @Test("bytes that are no string in any encoding are still written as JSON")
  func writesAnyBytes() throws {
    let value = JSONValue.string([0x61, 0xff, 0xed, 0xa0])
    #expect(String(decoding: value.bytes, as: UTF8.self) == "\"a\u{fffd}\u{fffd}\u{fffd}\"")
  }

  @Test("a broken text is accepted exactly where a naive reading of the grammar accepts it")
  func agreesWithNaiveGrammar() {
    var generator = SeededGenerator(1)
    let seeds = [
      #"{"a":[1,-2.5e+7,true,null],"b\n":"\ud83d\udcfc é"}"#, #"[[],{},"",0,-0,1e5,[false]]"#,
    ].map { Array($0.utf8) }
    let pool = Array("[]{},:\"\\/ue0123456789.-+tfn \n\u{1}é".utf8) + [0xff, 0xed, 0xa0, 0x80]
    var accepted = 0
    for round in 0..<20_000 {
      var text = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...2, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        let byte = pool[Int.random(in: 0..<pool.count, using: &generator)]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: text[place] = byte
        case 1: text.insert(byte, at: place)
        default: text.remove(at: place)
        }
      }
      let isRead = (try? JSONValue(parsing: text)) != nil
      accepted += isRead ? 1 : 0
      #expect(isRead == NaiveJSON.accepts(text), "\(String(decoding: text, as: UTF8.self))")
    }
    #expect(accepted > 1_000)
  }
}

/// The grammar of RFC 8259, written down as plainly as can be.
private enum NaiveJSON {
  static func accepts(_ text: [UInt8]) -> Bool {
    guard let string = String(validating: text, as: UTF8.self) else { return false }
    var rest = Array(string.unicodeScalars)[...]
    guard value(&rest) else { return false }
    space(&rest)
    return rest.isEmpty
  }

  static func space(_ rest: inout ArraySlice<Unicode.Scalar>) {
    while let first = rest.first, " \t\r\n".unicodeScalars.contains(first) { rest.removeFirst() }
  }

  static func take(_ text: String, _ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest.removeFirst(text.unicodeScalars.count)
    return true
  }

  static func value(_ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
    space(&rest)
    if take("[", &rest) { return list("]", &rest) { value(&$0) } }
    if take("{", &rest) {
      return list("}", &rest) {
        space(&$0)
        guard string(&$0) else { return false }
        space(&$0)
        return take(":", &$0) && value(&$0)
      }
    }
    if rest.first == "\"" { return string(&rest) }
    if take("true", &rest) || take("false", &rest) || take("null", &rest) { return true }
    return number(&rest)
  }

  static func list(
    _ close: String, _ rest: inout ArraySlice<Unicode.Scalar>,
    element: (inout ArraySlice<Unicode.Scalar>) -> Bool
  ) -> Bool {
    space(&rest)
    if take(close, &rest) { return true }
    repeat {
      guard element(&rest) else { return false }
      space(&rest)
    } while take(",", &rest)
    return take(close, &rest)
  }

  static func string(_ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
    guard take("\"", &rest) else { return false }
    while let scalar = rest.popFirst() {
      if scalar == "\"" { return true }
      if scalar.value < 0x20 { return false }
      if scalar == "\\" {
        guard let escape = rest.popFirst() else { return false }
        if escape == "u" {
          guard rest.count >= 4, rest.prefix(4).allSatisfy({ $0.properties.isASCIIHexDigit }) else {
            return false
          }
          rest.removeFirst(4)
        } else if !"\"\\/bfnrt".unicodeScalars.contains(escape) {
          return false
        }
      }
    }
    return false
  }

  static func number(_ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
    _ = take("-", &rest)
    if !take("0", &rest), !digits(&rest) { return false }
    if take(".", &rest), !digits(&rest) { return false }
    guard take("e", &rest) || take("E", &rest) else { return true }
    _ = take("+", &rest) || take("-", &rest)
    return digits(&rest)
  }

  static func digits(_ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
    let count = rest.prefix { ("0"..."9").contains($0) }.count
    rest.removeFirst(count)
    return count > 0
  }
}
