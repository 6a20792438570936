import TestSupport
import Testing

@testable import LosslessJSON

/// What every text of the tables gives was taken from jiter 0.19.0, `from_json(text,
/// partial_mode=…)`.
@Suite struct PartialJSONTests {
  @Test(
    "what is open is closed, and what is not whole is left out",
    arguments: [
      ("12", "12"), ("1.5", "1.5"), (#"{"a": 12"#, #"{"a":12}"#), (#"{"a": 1."#, "{}"),
      (#"{"a": 1E+"#, "{}"), (#"{"a": 1e5"#, #"{"a":1e5}"#), (#"{"a": -"#, "{}"),
      (#"{"a": tr"#, "{}"), (#"{"a": "x"#, "{}"), (#"{"a": "x\"#, "{}"), (#"{"a"#, "{}"),
      (#"{"a""#, "{}"), (#"{"a":"#, "{}"), (#"{"a": 1,"#, #"{"a":1}"#), ("[1,", "[1]"),
      ("[1 ", "[1]"), ("[-0", "[-0]"), ("[-0.", "[]"), ("[nul", "[]"), ("[Inf", "[]"),
      ("[NaN", "[null]"), ("[-Infinity", "[null]"), (#"[{"a":1}, {"b""#, #"[{"a":1},{}]"#),
      (#"{"a":{"#, #"{"a":{}}"#), (#"{"k\"#, "{}"), (#"["\ud83d"#, "[]"),
      (#"["\ud83d\ude00","#, #"["😀"]"#),
    ])
  func open(text: String, value: String) throws {
    #expect(Self.value(of: text) == value)
  }

  @Test(
    "a string that has not ended is kept where that is asked for, without an escape that has not",
    arguments: [
      (#""abc"#, #""abc""#), (#"{"a": "x"#, #"{"a":"x"}"#), (#"{"a": "x\"#, #"{"a":"x"}"#),
      (#"{"a": "x\u12"#, #"{"a":"x"}"#), (#"{"a": "x\ud83d\ude0"#, #"{"a":"x"}"#),
      (#"{"a": "x\ud83d\ude00"#, #"{"a":"x😀"}"#), (#"{"a"#, "{}"), (#"["\/"#, #"["/"]"#),
      (#"{"a": 12"#, #"{"a":12}"#),
    ])
  func trailing(text: String, value: String) throws {
    #expect(Self.value(of: text, keepsTrailingStrings: true) == value)
  }

  @Test("a scalar that has not ended is kept without the bytes of a character that has not come")
  func cutCharacter() {
    var json = PartialJSON(keepsTrailingStrings: true)
    json.append(Array(#"["q"#.utf8) + [0xf0, 0x9f])
    #expect(json.value == .array([.string("q")]))
  }

  @Test(
    "where a comma or a bracket should stand, what follows is passed over",
    arguments: [
      (#"{"a":1} x"#, #"{"a":1}"#), ("1 2", "1"), ("[1 2", "[1]"), ("[0x", "[0]"),
      ("[truex", "[true]"), ("[1.5.", "[1.5]"), (#"["a" "b""#, #"["a"]"#), ("[1]]", "[1]"),
      (#"{"a":[1},"b":2}"#, #"{"a":[1]}"#), (#"[{"a":1],2]"#, #"[{"a":1}]"#),
      (#"{"a":[0x],"b":2}"#, #"{"a":[0]}"#),
    ])
  func passedOver(text: String, value: String) throws {
    #expect(Self.value(of: text) == value)
  }

  @Test(
    "the last value of a key counts, in the place of its first",
    arguments: [
      (#"{"a":1,"a":2}"#, #"{"a":2}"#), (#"{"a":1,"b":3,"a":{"#, #"{"a":{},"b":3}"#),
      (#"{"a":1,"a":2"#, #"{"a":2}"#), (#"{"a":1,"a":2."#, #"{"a":1}"#),
    ])
  func twice(text: String, value: String) throws {
    #expect(Self.value(of: text) == value)
  }

  @Test("a key that comes twice is found among many")
  func manyKeys() throws {
    let members = (0..<60).map { #""k\#($0 % 25)":\#($0)"# }.joined(separator: ",")
    let value = try #require(Self.reader(of: "{\(members)}").value)
    #expect(value.members?.count == 25)
    #expect(value["k3"] == .number(53))
    #expect(value["k24"] == .number(49))
  }

  @Test("there is no value yet", arguments: ["", " ", "-", "1.", "1e", "tru", "N", "-I", #""abc"#])
  func none(text: String) {
    let json = Self.reader(of: text)
    #expect(json.value == nil && !json.hasValue && json.error == nil)
  }

  @Test(
    "a text that cannot become JSON is refused at its byte, and the value stays",
    arguments: [
      ("trx", .unexpectedByte(0x78), 2, nil), (#"{"a": 01"#, .invalidNumber, 7, #"{"a":0}"#),
      (#"{"a": 1,}"#, .unexpectedByte(0x7d), 8, #"{"a":1}"#),
      ("[1,]", .unexpectedByte(0x5d), 3, "[1]"), ("[,", .unexpectedByte(0x2c), 1, "[]"),
      ("]", .unexpectedByte(0x5d), 0, nil), ("[1.x", .invalidNumber, 3, "[1]"),
      ("[1ex", .invalidNumber, 3, "[1]"), ("[-x", .invalidNumber, 2, "[]"),
      ("[Infx", .unexpectedByte(0x78), 4, "[]"), ("{a", .unexpectedByte(0x61), 1, "{}"),
      (#"{"a" x"#, .unexpectedByte(0x78), 5, "{}"), (#"{"a": "x\q"#, .invalidEscape, 9, "{}"),
      (#"{"k\q"#, .invalidEscape, 4, "{}"), ("[\"ab\n", .controlCharacter, 4, "[]"),
      (#"["\u12g4"#, .invalidEscape, 7, "[]"), (#"["\ude00"#, .invalidEscape, 7, "[]"),
      (#"["\ud83dq"#, .invalidEscape, 8, "[]"), (#"["\ud83d\n"#, .invalidEscape, 9, "[]"),
      (#"["\ud83d\ud83d"#, .invalidEscape, 13, "[]"),
    ] as [(String, JSONError.Reason, Int, String?)])
  func refused(text: String, reason: JSONError.Reason, offset: Int, value: String?) {
    for pieces in [[Array(text.utf8)], text.utf8.map { [$0] }] {
      var json = PartialJSON()
      for piece in pieces { json.append(piece) }
      json.append(Array(" and more".utf8))
      #expect(json.error == JSONError(reason, offset: offset))
    }
    #expect(Self.value(of: text, bytewise: true) == value)
  }

  @Test("bytes that are not UTF-8 are refused when their string ends")
  func notUTF8() {
    var json = PartialJSON()
    json.append([0x5b, 0x22, 0xff])
    #expect(json.error == nil)
    json.append([0x22])
    #expect(json.error?.reason == .invalidUTF8)
  }

  @Test("arrays and objects may stand in each other only so deep")
  func depth() {
    let most = String(repeating: "[", count: PartialJSON.deepest + 1)
    #expect(Self.reader(of: most).error == nil)
    #expect(Self.reader(of: most + "]").error == nil)
    #expect(Self.reader(of: most + "1").error?.reason == .tooDeep(PartialJSON.deepest))
    #expect(Self.reader(of: String(repeating: "[", count: 1_000_000)).error != nil)
    let objects = String(repeating: #"{"a":"#, count: PartialJSON.deepest + 1)
    #expect(Self.reader(of: objects).error == nil)
    #expect(Self.reader(of: objects + "{").error?.reason == .tooDeep(PartialJSON.deepest))
  }

  @Test("an integer may be only so long")
  func longInteger() {
    let digits = String(repeating: "1", count: PartialJSON.integerLimitBytes)
    #expect(Self.value(of: "[\(digits)]") == "[\(digits)]")
    #expect(Self.reader(of: "[1\(digits)").error?.reason == .invalidNumber)
    #expect(Self.value(of: "[0.\(digits)\(digits)") == "[0.\(digits)\(digits)]")
  }

  @Test("a whole text gives the value that a strict reader gives, however it is cut")
  func whole() throws {
    let text = #"{"a":[1,-2.5e3,{"b":null,"é":"x\n\u00e9😀"},[]],"c":true,"d":{"e":[[false]]}}"#
    let strict = try JSONValue(parsing: text)
    var chance = SeededGenerator(7)
    for _ in 0..<200 {
      var json = PartialJSON()
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 0...9, using: &chance))
        rest = rest.dropFirst(piece.count)
        json.append(Array(piece))
      }
      #expect(json.value == strict)
    }
  }

  @Test("the value after every byte is that of the text up to there, read at once")
  func everyPrefix() {
    let text = #"{"a":[12,-2.5e3,{"b":null,"b":3.5}],"a":17,"c":["x\ud83d\ude00"],"c":1.0} ,"#
    for keeps in [false, true] {
      var json = PartialJSON(keepsTrailingStrings: keeps)
      for (count, byte) in text.utf8.enumerated() {
        json.append([byte])
        let prefix = Array(text.utf8.prefix(count + 1))
        var atOnce = PartialJSON(keepsTrailingStrings: keeps)
        atOnce.append(prefix)
        #expect(json.value == atOnce.value, "\(String(decoding: prefix, as: UTF8.self))")
        #expect(json.hasValue == (json.value != nil))
      }
    }
  }

  @Test("bytes at random never trap")
  func random() {
    var chance = SeededGenerator(11)
    let alphabet = Array(#"{}[]",:\0123456789-+.eEtrufalsnNIy d8"#.utf8) + [0xff, 0x00, 0xc3]
    for _ in 0..<3000 {
      var json = PartialJSON(keepsTrailingStrings: Bool.random(using: &chance))
      for _ in 0..<Int.random(in: 0..<40, using: &chance) {
        json.append([alphabet.randomElement(using: &chance) ?? 0])
        #expect(json.hasValue == (json.value != nil))
      }
    }
  }

  private static func reader(
    of text: String, keepsTrailingStrings: Bool = false, bytewise: Bool = false
  ) -> PartialJSON {
    var json = PartialJSON(keepsTrailingStrings: keepsTrailingStrings)
    let pieces = bytewise ? text.utf8.map { [$0] } : [Array(text.utf8)]
    for piece in pieces { json.append(piece) }
    return json
  }

  private static func value(
    of text: String, keepsTrailingStrings: Bool = false, bytewise: Bool = false
  ) -> String? {
    reader(of: text, keepsTrailingStrings: keepsTrailingStrings, bytewise: bytewise).value
      .map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
