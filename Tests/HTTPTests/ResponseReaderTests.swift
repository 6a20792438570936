import Testing

@testable import HTTP

@Suite("The bytes of an answer are read as RFC 9112 says")
struct ResponseReaderTests {
  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  @Test(
    "what is there is read, and what is missing is said",
    arguments: [
      ("", nil, "", "no answer came"),
      ("HTTP/1.1 200 OK\r\n", nil, "", "the head was cut"),
      ("HTTP/2 200\r\n\r\n", nil, "", "the status line is invalid"),
      ("HTTP/1.1 200 OK\r\n\r\nabc", 200, "abc", nil),
      (
        "HTTP/1.1 103 Early\r\nx: 1\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab", 200,
        "a", nil
      ),
      ("HTTP/1.1 100 Continue\r\n\r\n", nil, "", "the head was cut"),
      (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", 200, "abc",
        "2 bytes of the body did not come"
      ),
      (chunked + "3\r\nabc\r\n0\r\nt: 1\r\n\r\n", 200, "abc", nil),
      (chunked + "3;x=y\r\nabc\r\n0\r\n\r\n", 200, "abc", nil),
      (chunked + "3\r\nabc\r\n", 200, "abc", "the last chunk did not come"),
      (chunked + "5\r\nabc", 200, "abc", "a chunk was cut: 2 bytes of it did not come"),
      (chunked + "3\r\nabcd\r\n", 200, "abc", "a chunk does not end with CR LF"),
      (chunked + "zz\r\n", 200, "", "'zz' is not a chunk-size line"),
      (chunked + "+3\r\nabc\r\n", 200, "", "'+3' is not a chunk-size line"),
      (chunked + "3", 200, "", "a chunk-size line was cut"),
      (chunked + "0\r\nt: 1\r\n", 200, "", "the trailers were cut"),
    ] as [(String, Int?, String, String?)])
  func reading(wire: String, status: Int?, body: String, missing: String?) {
    let response = ResponseReader(Array(wire.utf8))
    #expect(response.status == status)
    #expect(String(decoding: response.body, as: UTF8.self) == body)
    #expect(response.missing == missing)
  }

  @Test("only where no framing says it does the connection's end end the body")
  func delimiting() {
    #expect(!ResponseReader(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)).isSelfDelimited)
    #expect(ResponseReader(Array((Self.chunked + "0\r\n\r\n").utf8)).isSelfDelimited)
  }

  @Test("fields are Latin-1, whatever bytes they have")
  func fields() {
    let response = ResponseReader(Array("HTTP/1.1 200 OK\r\nX: ".utf8) + [0xE9, 13, 10, 13, 10])
    #expect(response.headers == [HeaderField("X", "\u{E9}")])
  }
}
