import TestSupport
import Testing

@testable import HTTP

@Suite("An answer is read as it comes, whatever the pieces are")
struct ResponseParserTests {
  /// What a reader got out of the pieces of an answer.
  private struct Reading: Equatable {
    var status: Int?
    var body: [UInt8] = []
    var persists: Bool?
    /// What was wrong, or is missing where the connection ends behind the last piece.
    var flaw: String?
    /// How many bytes did not belong to the answer.
    var left = 0

    init(_ pieces: [[UInt8]], answering method: String = "POST", headLimitBytes: Int = 1000) {
      var parser = ResponseParser(answering: method, headLimitBytes: headLimitBytes)
      for piece in pieces where flaw == nil {
        piece.withUnsafeBufferPointer { take($0, &parser) }
      }
      status = parser.head?.status
      persists = parser.head?.persists
      flaw = flaw ?? parser.missingAtEnd()
    }

    private mutating func take(
      _ bytes: UnsafeBufferPointer<UInt8>, _ parser: inout ResponseParser
    ) {
      var position = 0
      while true {
        switch parser.next(bytes, from: &position) {
        case .needsMore: return
        case .head: continue
        case .body(let range): body += bytes[range]
        case .end:
          left += bytes.count - position
          return
        case .failure(let why):
          flaw = why
          return
        }
      }
    }
  }

  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  /// Answers, with what the whole of each comes to.
  private static let answers: [(wire: String, status: Int?, body: String, flaw: String?)] = [
    ("HTTP/1.1 200 OK\r\n\r\nabc", 200, "abc", nil),
    ("HTTP/1.1 200 OK\n\nabc", 200, "abc", nil),
    ("HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nabc", 200, "abc", nil),
    (
      "HTTP/1.1 103 Early\r\nx: 1\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na", 200, "a",
      nil
    ),
    ("HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n", 204, "", nil),
    ("HTTP/1.1 429 Slow\r\ncontent-length: 2, 2\r\n\r\n{}", 429, "{}", nil),
    (chunked + "3\r\nabc\r\n0\r\nt: 1\r\n\r\n", 200, "abc", nil),
    (chunked + "3;x=y\r\nabc\r\n00\r\n\r\n", 200, "abc", nil),
    (chunked + "3 \nabc\r\n0\n\n", 200, "abc", nil),
    (chunked + "A\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n", 200, "0123456789!", nil),
    ("HTTP/1.1 100 Continue\r\n\r\n", nil, "", "the head was cut"),
    ("HTTP/1.1 200 OK\r\n", nil, "", "the head was cut"),
    ("", nil, "", "no answer came"),
    (
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", 200, "abc",
      "2 bytes of the body did not come"
    ),
    (chunked + "3\r\nabc\r\n", 200, "abc", "the last chunk did not come"),
    (chunked + "5\r\nabc", 200, "abc", "a chunk was cut: 2 bytes of it did not come"),
    (chunked + "3\r\nabc\r", 200, "abc", "a chunk was cut"),
    (chunked + "3", 200, "", "a chunk-size line was cut"),
    (chunked + "0\r\nt: 1\r\n", 200, "", "the trailers were cut"),
    (chunked + "3\r\nabcd\r\n", 200, "abc", "a chunk does not end with CR LF"),
    (chunked + "zz\r\n", 200, "", "a chunk-size line does not begin with a size"),
    (chunked + "-3\r\n", 200, "", "a chunk-size line does not begin with a size"),
    (chunked + "3x\r\n", 200, "", "a chunk-size line holds what is no size"),
    (chunked + "ffffffffffffffff\r\n", 200, "", "a chunk-size is too large"),
    ("HTTP/2 200\r\n\r\n", nil, "", "what came is no answer of HTTP/1.1"),
    ("SSH-2.0-OpenSSH\r\n", nil, "", "what came is no answer of HTTP/1.1"),
    ("HTTP/1.1 99 Low\r\n\r\n", nil, "", "the status line is invalid"),
    ("HTTP/1.1 099 Low\r\n\r\n", nil, "", "the status is invalid"),
    ("HTTP/1.1 101 Switching\r\n\r\n", nil, "", "the server changed to another protocol"),
    (
      "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n", nil, "",
      "the content-length \"-5\" is not a number"
    ),
    (
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", nil, "",
      "two content-lengths differ: 1 and 2"
    ),
    (
      "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n", nil, "",
      "the transfer coding gzip, chunked is unknown"
    ),
  ]

  @Test("what is there is read, and what is missing is said", arguments: answers.indices)
  func reading(index: Int) {
    let answer = Self.answers[index]
    let reading = Reading([Array(answer.wire.utf8)])
    #expect(reading.status == answer.status)
    #expect(String(decoding: reading.body, as: UTF8.self) == answer.body)
    #expect(reading.flaw == answer.flaw)
  }

  @Test("every cut comes to the same", arguments: answers.indices)
  func cutting(index: Int) {
    let bytes = Array(Self.answers[index].wire.utf8)
    let whole = Reading([bytes])
    for cut in 0...bytes.count {
      #expect(Reading([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
    }
    #expect(Reading(bytes.map { [$0] }) == whole)
  }

  @Test(
    "what follows an answer is left alone",
    arguments: [
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na", chunked + "1\r\na\r\n0\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\n\r\n",
    ])
  func leaving(wire: String) {
    let reading = Reading([Array((wire + "HTTP/1.1").utf8)])
    #expect(reading.left == 8)
    #expect(reading.flaw == nil)
  }

  @Test(
    "a connection is kept where HTTP says so",
    arguments: [
      ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", true),
      ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: foo, Close\r\n\r\n", false),
      ("HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", false),
      ("HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n", true),
      ("HTTP/1.1 200 OK\r\n\r\n", false), (chunked, true),
    ])
  func persistence(wire: String, persists: Bool) {
    #expect(Reading([Array(wire.utf8)]).persists == persists)
  }

  @Test("the answer to a HEAD has no body")
  func head() {
    let wire = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"
    #expect(Reading([Array(wire.utf8)], answering: "HEAD").flaw == nil)
  }

  @Test(
    "nothing that does not end is kept without a bound",
    arguments: [
      ("HTTP/1.1 200 OK\r\nx: ", "the head has more than 1000 bytes"),
      (chunked + "1;", "a chunk-size line does not end"),
      (chunked + "0", "a chunk-size line does not end"),
      (chunked + "0\r\nt: ", "the trailers have more than 1000 bytes"),
    ])
  func endlessness(begin: String, flaw: String) {
    let more = Array(repeating: [UInt8](repeating: UInt8(ascii: "0"), count: 100), count: 100)
    #expect(Reading([Array(begin.utf8)] + more).flaw == flaw)
    #expect(Reading([Array(begin.utf8) + more.joined()]).flaw == flaw)
  }

  @Test("heads of status 1xx count together")
  func interimFlood() {
    let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    #expect(
      Reading(Array(repeating: interim, count: 100)).flaw == "the head has more than 1000 bytes")
  }

  @Test("no bytes at all trap")
  func garbage() {
    var generator = SeededGenerator(7)
    let alphabet = Array("HTTP/1. 200\r\n:;0fFx,chunkedtransfer-encoding content-length".utf8)
    for _ in 0..<2000 {
      let count = Int.random(in: 0...80, using: &generator)
      let tail = (0..<count).map { _ in
        Bool.random(using: &generator)
          ? alphabet.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...255, using: &generator)
      }
      let begin = Array(
        ["", "HTTP/1.1 200 OK\r\n", Self.chunked].randomElement(using: &generator)?.utf8 ?? "".utf8)
      let whole = Reading([begin + tail])
      #expect(Reading((begin + tail).map { [$0] }) == whole)
    }
  }
}
