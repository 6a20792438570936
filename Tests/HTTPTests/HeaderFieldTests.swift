import Testing

@testable import HTTP

@Suite("Fields")
struct HeaderFieldTests {
  @Test("a token is made of the bytes of RFC 9110, 5.6.2, and of no other")
  func tokens() {
    let punctuation: [UInt8] = Array("!#$%&'*+-.^_`|~".utf8)
    for byte in UInt8.min...UInt8.max {
      let isLetter = ("a"..."z").contains(Character(Unicode.Scalar(byte | 0x20))) && byte >= 0x41
      let isDigit = (0x30...0x39).contains(byte)
      let wanted = byte < 0x80 && (isLetter || isDigit || punctuation.contains(byte))
      #expect(byte.isTokenByte == wanted, "byte \(byte)")
    }
    #expect(!"".isToken)
    #expect("x-a_b.c~1".isToken)
    #expect(!"a b".isToken)
    #expect(!"é".isToken)
  }

  @Test("a value is a tab and what is no control character, up to U+00FF")
  func values() {
    #expect("".isFieldValue)
    #expect("a\tb é\u{ff}".isFieldValue)
    for bad in ["a\nb", "a\rb", "a\0", "\u{7f}", "\u{100}", "✓"] {
      #expect(!bad.isFieldValue, "\(bad.debugDescription)")
    }
  }

  @Test("Latin-1 keeps every byte, and has none for other scalars")
  func latin1() {
    let all = Array(UInt8.min...UInt8.max)
    #expect(Latin1.bytes(of: Latin1.string(of: all)) == all)
    #expect(Latin1.string(of: Array("plain".utf8)) == "plain")
    #expect(Latin1.bytes(of: "✓") == nil)
    #expect(HeaderField("a", bytes: [0xC3, 0xA9]).utf8Value == "é")
  }

  @Test("a name ignores the case of ASCII letters only")
  func names() {
    #expect(HeaderField("Content-TYPE", "").isNamed("content-type"))
    #expect(!HeaderField("content_type", "").isNamed("content-type"))
    #expect(!HeaderField("@", "").isNamed("`"))
    #expect(!HeaderField("[", "").isNamed("{"))
  }

  @Test("what belongs to one connection is known, or named by `connection`")
  func hopByHop() {
    let fields = [
      HeaderField("Connection", "close, X-Mine"), HeaderField("connection", " \tTrace\t"),
      HeaderField("x-mine", "1"),
    ]
    #expect(fields.hopByHopNames.isSuperset(of: ["close", "x-mine", "trace", "te", "upgrade"]))
    #expect(!fields.hopByHopNames.contains("content-length"))
  }

  @Test(
    "content codings are a list over all their fields, without identity",
    arguments: [
      ([], nil), (["identity"], nil), (["GZip"], "gzip"), (["identity, br", "gzip,"], "br, gzip"),
    ] as [([String], String?)])
  func codings(values: [String], wanted: String?) {
    let fields = values.map { HeaderField("Content-Encoding", $0) }
    #expect(fields.contentCoding == wanted)
  }

  @Test(
    "a length that is declared twice has to be the same",
    arguments: [
      ([], DeclaredLength.none), (["12"], .count(12)), (["007, 7", "7"], .count(7)),
      (["99999999999999999999"], .count(.max)),
      (["1", "2"], .invalid("two content-lengths differ: 1 and 2")),
      (["-1"], .invalid("the content-length \"-1\" is not a number")),
      (["1 2"], .invalid("the content-length \"1 2\" is not a number")),
      ([""], .invalid("the content-length \"\" is not a number")),
    ] as [([String], DeclaredLength)])
  func lengths(values: [String], wanted: DeclaredLength) {
    #expect(DeclaredLength(values.map { HeaderField("content-length", $0) }) == wanted)
  }
}
