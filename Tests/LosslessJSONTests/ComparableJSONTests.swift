import TestSupport
import Testing

@testable import LosslessJSON

@Suite("The form in which JSON is compared")
struct ComparableJSONTests {
  private static func form(_ text: String) throws -> String {
    String(decoding: try ComparableJSON(parsing: Array(text.utf8)).bytes, as: UTF8.self)
  }

  @Test(
    "is compact, sorted, unescaped and of exact numbers",
    arguments: [
      (" { \"b\" : [ 1 , 2.0 ] , \"a\" : { } } ", #"{"a":{},"b":[1,2]}"#),
      (#"{"b":1,"a":2,"b":0,"a":{"d":1,"c":2}}"#, #"{"a":2,"a":{"c":2,"d":1},"b":1,"b":0}"#),
      (
        #"["\/\u0041\u00e9\u000a\u0001\u001F\"\\\b\u2028"]"#,
        "[\"/Aé\\n\\u0001\\u001f\\\"\\\\\\b\u{2028}\"]"
      ),
      (#"["\ud83d\ude00\ud83d\uDE00x\ude00\ud83dx"]"#, #"["😀😀x\ude00\ud83dx"]"#),
      (#"{"\u0062":1,"a":2}"#, #"{"a":2,"b":1}"#),
      // By the bytes that keys stand for, not by their escapes.
      (#"{"\\":1,"[":2,"\"":3,"!":4}"#, #"{"!":4,"\"":3,"[":2,"\\":1}"#),
      (#"{"\u0000":1,"":2}"#, #"{"":2,"\u0000":1}"#),
      (#"{"é":1,"e":2,"\ud800":3,"\u00e9":4}"#, #"{"e":2,"é":1,"é":4,"\ud800":3}"#),
      (
        "[-0, -1, -1.50, 0.5, 1e2, 0.0, 100, -0.10, 12.340e1]",
        "[0,-1,-1.5,0.5,100,0,100,-0.1,123.4]"
      ),
      (" null ", "null"), ("[ ]", "[]"), ("\"\"", "\"\""),
      ("[[],[ [true,false ]]]", "[[],[[true,false]]]"),
    ])
  func forms(text: String, wanted: String) throws {
    #expect(try Self.form(text) == wanted)
  }

  @Test(
    "is of texts only that a parser takes too, and says the same of others",
    arguments: [
      "", " ", "{", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1 2]", "01",
      "1.", "-",
      "1e", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\", "\"\n\"", "1 1", "[}", "{]", "+1",
      "[-]",
    ])
  func refuses(text: String) {
    let bytes = Array(text.utf8)
    let wanted = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    let found = #expect(throws: JSONError.self) { try ComparableJSON(parsing: bytes) }
    #expect(found?.offset == wanted?.offset)
    #expect(found?.reason == wanted?.reason)
  }

  @Test("keeps to the limits of a parser")
  func limits() throws {
    let deep = {
      Array((String(repeating: "[", count: $0) + String(repeating: "]", count: $0)).utf8)
    }
    #expect(try ComparableJSON(parsing: deep(64)).bytes == deep(64))
    #expect(throws: JSONError(.tooDeep(64), offset: 64)) { try ComparableJSON(parsing: deep(65)) }
    #expect(throws: JSONError(.tooDeep(1000), offset: 1000)) {
      try ComparableJSON(parsing: deep(100_000), nesting: .max)
    }
    #expect(throws: JSONError.self) {
      try ComparableJSON(parsing: Array("[1,2,3]".utf8), values: 3)
    }
    #expect(try ComparableJSON(parsing: Array("[1,2,3]".utf8), values: 4).bytes.count == 7)
  }

  @Test("says what the outermost object has, of several members of a name the last")
  func members() throws {
    let text = #"{"stream": false, "a": [{"model": 1}], "stream": true , "\u006dodels":2, "z":{}}"#
    let form = try ComparableJSON(parsing: Array(text.utf8))
    #expect(form.isObject)
    #expect(form[last: "stream"].map(Array.init) == Array("true".utf8))
    #expect(form[last: "a"].map(Array.init) == Array(#"[{"model":1}]"#.utf8))
    #expect(form[last: "models"].map(Array.init) == Array("2".utf8))
    #expect(form[last: "z"].map(Array.init) == Array("{}".utf8))
    #expect(form[last: "model"] == nil)
    let list = try ComparableJSON(parsing: Array("[{\"a\":1}]".utf8))
    #expect(!list.isObject)
    #expect(list[last: "a"] == nil)
    #expect(try ComparableJSON(parsing: Array("{}".utf8))[last: "a"] == nil)
  }

  @Test("changes every string but the keys where it is told to")
  func normalizes() throws {
    let text = #"{"b":["x\u0031","y", 1],"x":"x"}"#
    let form = try ComparableJSON(parsing: Array(text.utf8)) { bytes in
      if bytes.first == UInt8(ascii: "x") { bytes = Array("\"é".utf8) }
    }
    #expect(String(decoding: form.bytes, as: UTF8.self) == #"{"b":["\"é","y",1],"x":"\"é"}"#)
  }

  @Test(
    "leaves out what pointers name, by the indices of the text",
    arguments: [
      ("/a", #"{"a":1,"b":2}"#, #"{"b":2}"#), ("/b", #"{ "a" : 1 , "b" : 2 }"#, #"{"a":1}"#),
      ("/a /b", #"{"b":[1],"a":1}"#, "{}"), ("/a /c", #"{"c":0,"b":2,"a":1,"c":3}"#, #"{"b":2}"#),
      ("/l/0 /l/2", #"{"l":[1, 2 ,3,4]}"#, #"{"l":[2,4]}"#),
      ("/l/3 /l/2", #"{"l":[1,2,3,4]}"#, #"{"l":[1,2]}"#),
      ("/l/*", #"{"l":[1,{"a":2}]}"#, #"{"l":[]}"#),
      ("/*/a", #"{"y":{"a":1,"b":1},"x":[1]}"#, #"{"x":[1],"y":{"b":1}}"#),
      ("/l/*/0 /l/0/1", #"{"l":[[1,2,3],[4,5]]}"#, #"{"l":[[3],[5]]}"#),
      ("/l/00 /l/-", #"{"l":[1]}"#, #"{"l":[1]}"#),
      ("/a/0", #"{"a":{"0":1,"1":2}}"#, #"{"a":{"1":2}}"#),
      ("/é", #"{"\u00e9":1,"e":2}"#, #"{"e":2}"#),
      ("/a~1b /c~0d", #"{"a/b":1,"c~d":2,"ab":3}"#, #"{"ab":3}"#), ("/1", "[1,2,3]", "[1,3]"),
      ("/a/b", #"{"a":{"c":1,"b":{"b":2}},"b":3}"#, #"{"a":{"c":1},"b":3}"#),
    ])
  func ignores(pointers: String, text: String, wanted: String) throws {
    let pointers = try pointers.split(separator: " ").map { try JSONPointer(parsing: String($0)) }
    let form = try ComparableJSON(parsing: Array(text.utf8), ignoring: pointers)
    #expect(String(decoding: form.bytes, as: UTF8.self) == wanted)
    #expect(throws: JSONError.self) {
      try ComparableJSON(parsing: Array(text.utf8.dropLast()), ignoring: pointers)
    }
  }

  @Test("is that of the values, however they are written", arguments: 0..<400)
  func ofValues(seed: Int) throws {
    var chance = SeededGenerator(UInt64(seed))
    let value = Self.value(depth: 0, &chance)
    let wanted = String(decoding: Self.sorted(value), as: UTF8.self)
    for _ in 0..<5 {
      var text: [UInt8] = []
      Self.write(value, to: &text, &chance)
      #expect(try JSONValue(parsing: text) == value, "\(String(decoding: text, as: UTF8.self))")
      let form = try ComparableJSON(parsing: text).bytes
      #expect(String(decoding: form, as: UTF8.self) == wanted)
      #expect(try ComparableJSON(parsing: form).bytes == form)
    }
  }

  @Test("of bytes at random is there exactly where a parser takes them", arguments: 0..<50)
  func atRandom(seed: Int) throws {
    var chance = SeededGenerator(UInt64(seed))
    let pool = Array("{}[]:,\"\\u0de1.-n \n".utf8) + [0xc3, 0xa9]
    for _ in 0..<200 {
      var text: [UInt8] = []
      Self.write(Self.value(depth: 2, &chance), to: &text, &chance)
      for _ in 0..<Int.random(in: 0...2, using: &chance) {
        let place = Int.random(in: 0..<text.count, using: &chance)
        text[place] = pool.randomElement(using: &chance) ?? 0
      }
      let wanted = Result { try JSONValue(parsing: text) }
      let found = Result { try ComparableJSON(parsing: text).bytes }
      switch (wanted, found) {
      case (.success(let value), .success(let form)): #expect(Self.sorted(value) == form)
      case (.failure(let a), .failure(let b)): #expect(a as? JSONError == b as? JSONError)
      default: Issue.record("\(String(decoding: text, as: UTF8.self)): \(wanted), \(found)")
      }
    }
  }
}

// What the form is, said by values.
extension ComparableJSONTests {
  private static func sorted(_ value: JSONValue) -> [UInt8] {
    switch value {
    case .number(let text):
      var output: [UInt8] = []
      ComparableNumber.append(text.utf8, to: &output)
      return output
    case .array(let elements):
      return Array("[".utf8) + elements.map(sorted).joined(separator: ",".utf8) + Array("]".utf8)
    case .object(let members):
      let order = members.indices.sorted { a, b in
        let (x, y) = (members[a].key, members[b].key)
        return x == y ? a < b : x.lexicographicallyPrecedes(y)
      }
      let parts = order.map { index in
        JSONValue.string(members[index].key).bytes + Array(":".utf8) + sorted(members[index].value)
      }
      return Array("{".utf8) + parts.joined(separator: ",".utf8) + Array("}".utf8)
    default: return value.bytes
    }
  }

  private static let scalars: [[UInt8]] =
    ["a", "b", "\"", "\\", "/", "\n", "\u{1}", "\u{7f}", "é", "€", "😀", "u0041"].map {
      Array($0.utf8)
    } + [[0xed, 0xa0, 0x80]]
  private static let numbers = [
    "0", "-0", "1", "-1", "10", "1.50", "-0.5", "1e3", "12E-1", "0.000",
    "123456789012345678901234567890",
    "1e400", "-2.0e-50", "0.1",
  ]

  private static func value(depth: Int, _ chance: inout SeededGenerator) -> JSONValue {
    let count = Int.random(in: 0...4, using: &chance)
    switch Int.random(in: 0..<(depth < 5 ? 9 : 5), using: &chance) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &chance))
    case 2: return .number(numbers.randomElement(using: &chance) ?? "0")
    case 3, 4: return .string(string(&chance))
    case 5, 6: return .array((0..<count).map { _ in value(depth: depth + 1, &chance) })
    default:
      return .object(
        (0..<count).map { _ in
          JSONValue.Member(key: string(&chance), value: value(depth: depth + 1, &chance))
        })
    }
  }

  private static func string(_ chance: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...3, using: &chance)).flatMap { _ in
      scalars.randomElement(using: &chance) ?? []
    }
  }

  /// Writes a value with space and escapes at random.
  private static func write(
    _ value: JSONValue, to text: inout [UInt8], _ chance: inout SeededGenerator
  ) {
    func space() {
      while Int.random(in: 0..<6, using: &chance) == 0 {
        text.append([0x20, 0x09, 0x0a, 0x0d].randomElement(using: &chance) ?? 0x20)
      }
    }
    space()
    switch value {
    case .string(let bytes): text += escaped(bytes, &chance)
    case .array(let elements):
      text.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        write(element, to: &text, &chance)
      }
      space()
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        space()
        text += escaped(member.key, &chance)
        space()
        text.append(UInt8(ascii: ":"))
        write(member.value, to: &text, &chance)
      }
      space()
      text.append(UInt8(ascii: "}"))
    default: text += value.bytes
    }
    space()
  }

  private static func escaped(_ bytes: [UInt8], _ chance: inout SeededGenerator) -> [UInt8] {
    guard Bool.random(using: &chance) else { return JSONValue.string(bytes).bytes }
    var text = "\""
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0xed, index + 2 < bytes.count, bytes[index + 1] >= 0xa0 {
        text += "\\uD800"
        index += 3
        continue
      }
      let length = bytes[index] < 0x80 ? 1 : bytes[index] < 0xe0 ? 2 : bytes[index] < 0xf0 ? 3 : 4
      let scalar = String(decoding: bytes[index..<(index + length)], as: UTF8.self)
      if scalar == "/" {
        text += "\\/"
      } else {
        for unit in scalar.utf16 {
          let digits = String(unit, radix: 16, uppercase: Bool.random(using: &chance))
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
      index += length
    }
    return Array((text + "\"").utf8)
  }
}
