import HTTP
import Testing

@testable import Cassettes

@Suite struct CassetteReaderTests {
  static let header = #"{"tapedeck":1}"# + "\n"
  static let request = #"[0,"q",{"method":"GET","path":"/"}]"# + "\n"
  static let head = #"[5,"h",{"status":200}]"# + "\n"

  static func read(_ text: String, limits: CassetteLimits = .init()) throws -> [Exchange] {
    try read(Array(text.utf8), limits: limits)
  }

  static func read(_ bytes: [UInt8], limits: CassetteLimits = .init()) throws -> [Exchange] {
    var reader = try CassetteReader(bytes: bytes, limits: limits)
    return try reader.rest()
  }

  @Test("plain text is read as the gzip file of the same text is")
  func plainText() throws {
    let plain = Array((Self.header + Samples.exampleLines).utf8)
    #expect(try Self.read(plain) == [Samples.example])
    #expect(try Self.read(try Deflater.member(of: plain)) == [Samples.example])
  }

  @Test("members may divide the text anywhere")
  func membersAnywhere() throws {
    let text = Array((Self.header + Samples.exampleLines).utf8)
    for cut in stride(from: 0, through: text.count, by: 7) {
      let bytes =
        try Deflater.member(of: Array(text[..<cut])) + Deflater.member(of: Array(text[cut...]))
      #expect(try Self.read(bytes) == [Samples.example])
    }
  }

  @Test("white space, key order and escapes may be as another program writes them")
  func otherForms() throws {
    let text = """
      { "tapedeck" : 1 }\r
      [ 0 , "q" , { "path" : "\\/" , "method" : "GET" } ]\r
      [5, "h", {"headers": [["A", "b"]], "status": 200}]
      [ 1 ,"d", "\\u0064\\/" ]
      [1, "b", "/w=="]
      [1,"\\u0064","x"]

      [1,"e",{"how":"truncated"}]
      """
    var expected = Exchange(
      request: RecordedRequest(
        id: "0000000000000001", at: "1970-01-01T00:00:00.000000Z", method: "GET", path: "/"),
      head: ResponseHead(status: 200, headers: [HeaderField("A", "b")], at: Samples.time(5)),
      ending: Ending(how: .truncated, at: Samples.time(9)))
    expected.append(chunk: "d/".utf8, at: Samples.time(6))
    expected.append(chunk: [0xff], at: Samples.time(7))
    expected.append(chunk: "x".utf8, at: Samples.time(8))
    #expect(try Self.read(text) == [expected])
  }

  @Test("an absent id is the place in the file")
  func absentID() throws {
    let one = Self.request + #"[0,"e",{"how":"timeout"}]"# + "\n"
    let ids = try Self.read(Self.header + String(repeating: one, count: 17)).map(\.request.id)
    #expect(ids.first == "0000000000000001")
    #expect(ids.last == "0000000000000011")
  }

  @Test(
    "an exchange without an end reads as interrupted at its last line, before another and at the end"
  )
  func interrupted() throws {
    let open = Self.request + Self.head + #"[7,"d","x"]"# + "\n"
    let exchanges = try Self.read(Self.header + open + open)
    #expect(
      exchanges.map(\.ending)
        == Array(repeating: Ending(how: .interrupted, at: Samples.time(12)), count: 2))
    #expect(exchanges.map(\.body) == [[0x78], [0x78]])
  }

  @Test("markers and lines of unknown codes between exchanges are ignored")
  func asidesBetween() throws {
    let one = Self.request + #"[0,"e",{"how":"timeout"}]"# + "\n"
    let asides = #"[7,"m","a note"]"# + "\n" + #"[9,"zz",{"a":[1]}]"# + "\n"
    let exchanges = try Self.read(Self.header + one + one)
    #expect(try Self.read(Self.header + asides + one + asides + one + asides) == exchanges)
    #expect(try Self.read(Self.header + asides).isEmpty)
  }

  @Test("a cassette of no exchanges is read")
  func noExchanges() throws {
    #expect(try Self.read(Self.header).isEmpty)
    #expect(try Self.read(#"{"tapedeck":1}"#).isEmpty)
    #expect(try Self.read(CassetteWriter.header()).isEmpty)
  }

  /// A file that is refused, the line where, and a part of what the error says.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let line: Int
    let says: String
    var testDescription: String { says }

    init(_ text: String, _ line: Int, _ says: String) {
      (self.text, self.line, self.says) = (text, line, says)
    }

    /// The line stands behind a request, and behind a head too where one is asked for.
    static func line(_ text: String, afterHead: Bool = true, _ says: String) -> Self {
      Self(header + request + (afterHead ? head : "") + text + "\n", afterHead ? 4 : 3, says)
    }

    static func q(_ members: String, _ says: String) -> Self {
      Self(header + #"[0,"q",{"method":"GET","path":"/"\#(members)}]"# + "\n", 2, says)
    }

    static func h(_ members: String, _ says: String) -> Self {
      line(#"[0,"h",{\#(members)}]"#, afterHead: false, says)
    }
  }

  @Test(
    "a file that breaks a rule is refused, with the line and the rule",
    arguments: [
      Refusal("", 1, "is empty"), Refusal("\n", 1, "is not a cassette"),
      Refusal("[]", 1, "is not a cassette"), Refusal("hello", 1, "is not a cassette"),
      Refusal(#"{"version":3}"#, 1, "is not a cassette"),
      Refusal("{\"tapedeck\":\"1\"}", 1, "is not a cassette"),
      Refusal(#"{"tapedeck":2}"#, 1, "needs a newer tapedeck"),
      Refusal(#"{"tapedeck":99999999999999999999}"#, 1, "needs a newer tapedeck"),
      Refusal(#"{"tapedeck":0}"#, 1, "not 1 or higher"),
      Refusal(#"{"tapedeck":1.5}"#, 1, "not 1 or higher"),
      Refusal(header + head, 2, "'h' line needs a 'q' line"),
      Refusal(header + #"[0,"d","x"]"#, 2, "'d' line needs a 'q' line"),
      Refusal(
        header + request + #"[0,"e",{"how":"timeout"}]"# + "\n" + #"[0,"b","eA=="]"#, 4,
        "needs a 'q'"),
      Refusal(header + #"[0,"t",[]]"#, 2, "'t' line needs a 'q' line"),
      Refusal(header + #"[0,"e",{"how":"timeout"}]"#, 2, "'e' line needs a 'q' line"),
      Refusal(header + #"[-1,"m",1]"#, 2, "whole number"),
      Refusal(header + #"[1000000000000001,"zz",1]"#, 2, "microseconds"),
      Refusal(header + #"[1,"q",{"method":"GET","path":"/"}]"#, 2, "must be 0"),
      .line(#"[1,"h",{"status":200}]"#, "second 'h'"),
      .line(#"[1,"d","x"]"#, afterHead: false, "after 'h'"),
      .line(#"[1,"t",[]]"#, afterHead: false, "after 'h'"),
      .line("[0,\"t\",[]]\n[0,\"d\",\"x\"]", "before 't'").at(5),
      .line("[0,\"t\",[]]\n[0,\"t\",[]]", "one 't' line").at(5),
      .line(#"[0,"e",{"how":"complete"}]"#, afterHead: false, "needs an 'h'"),
      .line(#"[0,"e",{"how":"unreachable"}]"#, "cannot follow"),
      .line(#"[0,"e",{"how":"gone"}]"#, "'gone' is not known"),
      .line(#"[0,"e",{"how":"timeout","stage":"moon"}]"#, "'moon' is not known"),
      .line(#"[0,"e",{}]"#, "how is missing"), .line(#"[0,"e",[]]"#, "must be an object"),
      .line(#"[-1,"d","x"]"#, "whole number"), .line(#"[1.0,"d","x"]"#, "whole number"),
      .line(#"[1e3,"d","x"]"#, "whole number"), .line(#"["1","d","x"]"#, "whole number"),
      .line(#"[01,"d","x"]"#, "number that JSON"),
      .line(#"[1000000000000001,"d","x"]"#, "microseconds"),
      .line(#"[999999999999999,"d","x"]"# + "\n" + #"[9,"d","x"]"#, "add up").at(4),
      .line(#"[99999999999999999999999999,"d","x"]"#, "whole number"),
      .line(#"[1,"d"]"#, "[interval, code, data]"),
      .line(#"[1,"d","x",1]"#, "[interval, code, data]"),
      .line(#"{"d":1}"#, "[interval, code, data]"), .line(#"[1,2,"x"]"#, "code must be a string"),
      .line(#"[1,"d",7]"#, "must be a string"), .line(#"[1,"d","\ud800"]"#, "valid Unicode"),
      .line("[1,\"d\",\"a\tb\"]", "control character"), .line(#"[1,"d","x"],"#, "goes on"),
      .line(#"[1,"b","w6k"]"#, "base64"), .line(#"[1,"b","w6l="]"#, "base64"),
      .line(#"[1,"b","w6k=w6k="]"#, "base64"), .line(#"[1,"b","w6-_"]"#, "base64"),
      .line(#"[1,"b","===="]"#, "base64"), .line(#"[1,"b"," w6k="]"#, "base64"),
      .line(#"[0,"t",{}]"#, "array of"), .line(#"[0,"t",[["a"]]]"#, "array of"),
      .line(#"[0,"t",[["a","b\n"]]]"#, "CR, LF"),
      .q(#","headers":[["a","b\r\nc: d"]]"#, "CR, LF"), .q(#","headers":[["a","\u0000"]]"#, "NUL"),
      .q(#","headers":[["a","\u0100"]]"#, "Latin-1"),
      .q(#","headers":[["a:","b"]]"#, "not a token"),
      .q(#","headers":[["","b"]]"#, "not a token"), .q(#","method":"GET""#, "twice"),
      .q(#","at":"2026-11-22""#, "RFC 3339"), .q(#","timing":"guessed""#, "'guessed' is not known"),
      .q(#","url":"http://a b/""#, "space"), .q(#","url":"http://a\u007f/""#, "control"),
      .q(#","url":null"#, "must be a string"), .q(#","body":"\ud800""#, "valid Unicode"),
      .q(#","body":"x","body64":"eA==""#, "exclude"), .q(#","body64":"eA""#, "base64"),
      Refusal(header + #"[0,"q",{"path":"/"}]"#, 2, "method is missing"),
      Refusal(header + #"[0,"q",{"method":"GET"}]"#, 2, "both missing"),
      Refusal(header + #"[0,"q",{"method":"G T","path":"/"}]"#, 2, "not a token"),
      Refusal(header + #"[0,"q",{"method":"GET","path":"x"}]"#, 2, "begin with '/'"),
      Refusal(header + #"[0,"q",{"method":"GET","path":"/ "}]"#, 2, "no space"),
      .h(#""http":"1.1""#, "status is missing"), .h(#""status":199"#, "between 200 and 999"),
      .h(#""status":1000"#, "between"), .h(#""status":2e2"#, "whole number"),
      .h(#""status":200,"http":"3""#, "'3' is not"),
      .h(#""status":200,"framing":"tar""#, "'tar' is not known"),
      .h(#""status":200,"framing":"length""#, "needs a length"),
      .h(#""status":200,"framing":"length","length":-1"#, "negative"),
      .h(#""status":200,"length":1"#, "belongs to"),
      .h(#""status":200,"x":\#(String(repeating: "[", count: 70))"#, "nests deeper than 64"),
      Refusal(header + request + #"[0,"e",{"how":"comp"#, 3, "ends inside a value"),
    ])
  func refuses(refusal: Refusal) throws {
    let error = try #require(throws: CassetteError.self) { try Self.read(refusal.text) }
    #expect(error.kind == .badData)
    #expect(error.line == refusal.line)
    #expect(error.reason.contains(refusal.says), "\(error)")
  }

  @Test("a limit refuses a file where it is met", arguments: [true, false])
  func limits(isCompressed: Bool) throws {
    let text = Array((Self.header + String(repeating: Samples.exampleLines, count: 3)).utf8)
    let bytes = isCompressed ? try Deflater.member(of: text) : text
    func says(_ limits: CassetteLimits) throws -> String {
      try #require(throws: CassetteError.self) { try Self.read(bytes, limits: limits) }.reason
    }
    #expect(try says(CassetteLimits(exchanges: 2)).contains("2 exchanges"))
    #expect(try says(CassetteLimits(lineBytes: 200)).contains("line of more than the limit of 200"))
    #expect(try says(CassetteLimits(inflatedBytes: 600)).contains("limit of 600 bytes of text"))
    #expect(
      try Self.read(bytes, limits: CassetteLimits(inflatedBytes: text.count, exchanges: 3)).count
        == 3)
  }

  @Test("a small file that inflates without end is stopped at the limits")
  func gzipBomb() throws {
    let bomb = try Deflater.member(
      of: Array(Self.header.utf8) + [UInt8](repeating: 0x61, count: 40 << 20))
    let limits = CassetteLimits(inflatedBytes: 1 << 20, lineBytes: 4 << 10)
    #expect(throws: CassetteError.self) { try Self.read(bomb, limits: limits) }
    #expect(bomb.count < 100 << 10)
  }
}

extension CassetteReaderTests.Refusal {
  /// The same at another line.
  func at(_ line: Int) -> Self { Self(text, line, says) }
}
