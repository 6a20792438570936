import Testing

@testable import HTTP

@Suite("Requests are taken apart as RFC 9112 says, wherever their bytes are cut")
struct RequestParserTests {
  /// What comes of bytes, as lines a reader can check: heads, bodies and ends.
  private static func parse(_ pieces: [[UInt8]], headBytes: Int = 400) -> [String] {
    var parser = RequestParser(headBytes: headBytes)
    var lines: [String] = []
    var body = ""
    for piece in pieces {
      parser.feed(piece)
      do {
        while let part = try parser.next() {
          switch part {
          case .head(let head):
            let fields = head.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
            lines.append("\(head.method) \(head.target) HTTP/1.\(head.isHTTP11 ? 1 : 0) \(fields)")
          case .body(let bytes): body += String(decoding: bytes, as: UTF8.self)
          case .end:
            lines.append("end \(body)")
            body = ""
          }
        }
      } catch {
        return lines + ["\(error)"]
      }
    }
    return lines + (parser.isInside ? ["inside \(body)"] : [])
  }

  static let whole: [(String, [String])] = [
    ("GET / HTTP/1.1\r\n\r\n", ["GET / HTTP/1.1 ", "end "]),
    ("GET /a?b HTTP/1.0\nHost:x\n\n", ["GET /a?b HTTP/1.0 Host=x", "end "]),
    ("\r\n\nGET / HTTP/1.1\r\n\r\n\r\n", ["GET / HTTP/1.1 ", "end "]),
    (
      "PO-ST * HTTP/1.1\r\nA: \t b c \t\r\nb:\r\n\r\n", ["PO-ST * HTTP/1.1 A=b c|b=", "end "]
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
      ["POST / HTTP/1.1 Content-Length=3", "end abc", "GET / HTTP/1.1 ", "end "]
    ),
    (
      "POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n",
      ["POST / HTTP/1.1 content-length=0", "end "]
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "3;x=\"y\"\r\nabc\r\nA \t;z\r\n0123456789\r\n000\r\nT: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      [
        "POST / HTTP/1.1 Transfer-Encoding=Chunked", "end abc0123456789", "GET / HTTP/1.1 ",
        "end ",
      ]
    ),
    ("CONNECT a:1 HTTP/1.1\r\n\r\n", ["CONNECT a:1 HTTP/1.1 ", "end "]),
    ("GET http://a/b HTTP/1.1\r\n\r\n", ["GET http://a/b HTTP/1.1 ", "end "]),
  ]

  @Test("a request is the same wherever it is cut", arguments: whole)
  func cuts(text: String, lines: [String]) {
    let bytes = Array(text.utf8)
    #expect(Self.parse([bytes]) == lines)
    #expect(Self.parse(bytes.map { [$0] }) == lines)
    for cut in bytes.indices {
      #expect(Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == lines, "cut at \(cut)")
    }
  }

  static let wrong: [(String, String)] = [
    ("nonsense\r\n\r\n", "METHOD TARGET VERSION"), ("GET  / HTTP/1.1\r\n\r\n", "VERSION"),
    ("G@T / HTTP/1.1\r\n\r\n", "method"), (" / HTTP/1.1\r\n\r\n", "method"),
    ("GET a HTTP/1.1\r\n\r\n", "target"), ("GET /\u{7F} HTTP/1.1\r\n\r\n", "target"),
    ("GET /\r HTTP/1.1\r\n\r\n", "target"), ("GET / HTTP/1.2\r\n\r\n", "version"),
    ("GET / HTTP/9.9\r\n\r\n", "version"), ("GET / http/1.1\r\n\r\n", "version"),
    ("GET / HTTP/1.1\r\na b: c\r\n\r\n", "no name"), ("GET / HTTP/1.1\r\na : c\r\n\r\n", "no name"),
    ("GET / HTTP/1.1\r\n: c\r\n\r\n", "no name"), ("GET / HTTP/1.1\r\nabc\r\n\r\n", "no name"),
    ("GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n", "no name"),
    ("GET / HTTP/1.1\r\na: b\rc\r\n\r\n", "control"),
    ("GET / HTTP/1.1\r\na: \u{0}\r\n\r\n", "control"),
    ("POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", "not a number"),
    ("POST / HTTP/1.1\r\ncontent-length: +1\r\n\r\n", "not a number"),
    ("POST / HTTP/1.1\r\ncontent-length: 1, 1\r\n\r\n", "not a number"),
    ("POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n", "not a number"),
    ("POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n", "not a number"),
    ("POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", "both"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked, gzip\r\n\r\n", "not chunked"),
    ("POST / HTTP/1.1\r\ntransfer-encoding:\r\n\r\n", "not chunked"),
    ("POST / HTTP/1.1\r\ntransfer-encoding:\r\ncontent-length: 1\r\n\r\n", "both"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n", "unknownCoding"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked, chunked\r\n\r\n", "unknownCoding"),
    ("POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n", "HTTP/1.0"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1 1\r\n", "not an extension"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1 \r\n", "not an extension"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;\r;\r\n", "not an extension"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\n", "CR LF"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\n", "CR LF"),
    ("GET /\u{FF} HTTP/1.1\r\n\r\n", "target"),
    ("GET a?b://c HTTP/1.1\r\n\r\n", "target"), ("GET ://c HTTP/1.1\r\n\r\n", "target"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "no size"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n", "no size"),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n\r\n", "no size"),
    (
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
      "no size"
    ),
    ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n", "as long as it says"),
    (
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;"
        + String(repeating: "x", count: 5000), "as long as it says"
    ),
    (
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        + String(repeating: "a: b\r\n", count: 100) + "\r\n", "headTooLarge"
    ),
    ("GET /\(String(repeating: "a", count: 400))", "headTooLarge"),
    ("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 100), "headTooLarge"),
  ]

  @Test("what is no request is refused, and says why", arguments: wrong)
  func refused(text: String, why: String) {
    let bytes = Array(text.utf8)
    for pieces in [[bytes], bytes.map { [$0] }] {
      let lines = Self.parse(pieces)
      #expect(lines.last?.contains(why) == true, "\(lines)")
    }
  }

  @Test("what is read does not pile up where each piece ends within a line")
  func storage() throws {
    var parser = RequestParser(headBytes: 400)
    parser.feed(
      Array(("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1").utf8))
    var body = 0
    for _ in 0..<2000 {
      while let part = try parser.next() {
        if case .body(let bytes) = part { body += bytes.count }
      }
      parser.feed(Array((";" + String(repeating: "x", count: 1000) + "\r\na\r\n1").utf8))
    }
    #expect(body == 1999)
    #expect(parser.storageBytes < 10_000)
  }

  @Test("a request that is not whole waits for more, and one that failed takes none")
  func partial() throws {
    #expect(Self.parse([Array("GET / HT".utf8)]) == ["inside "])
    let body = "POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nabc"
    #expect(
      Self.parse([Array(body.utf8)]) == ["POST / HTTP/1.1 content-length=5", "inside abc"])
    var parser = RequestParser(headBytes: 400)
    parser.feed(Array(("x\r\n\r\n").utf8))
    #expect(throws: RequestSyntaxError.self) { try parser.next() }
    parser.feed(Array(("GET / HTTP/1.1\r\n\r\n").utf8))
    #expect(!parser.hasBytes)
    #expect(try parser.next() == nil)
  }
}
