import Cassettes
import HTTP
import Planning
import Testing

@Suite("Framing an answer while it comes")
struct RelayFramingTests {
  private let request = RecordedRequest(
    id: "", at: "", method: "POST", url: "https://api.example.com/v1/x", path: "/v1/x")

  private func framing(
    _ framing: ResponseHead.Framing, status: Int = 200, headers: [HeaderField] = [],
    client: ClientTraits = ClientTraits()
  ) -> RelayFraming {
    RelayFraming(
      ResponseHead(status: status, framing: framing, headers: headers), to: request, client: client)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("an arrival is one HTTP chunk", arguments: [ResponseHead.Framing.chunked, .h2])
  func chunks(upstream: ResponseHead.Framing) {
    var framing = framing(upstream, headers: [HeaderField("content-type", "text/event-stream")])
    #expect(
      text(framing.head)
        == "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    #expect(text(framing.sent(Array("data: 1\n\n".utf8))) == "9\r\ndata: 1\n\n\r\n")
    #expect(framing.sent([]) == [])
    let end = framing.end(Ending(how: .complete), trailers: [HeaderField("x-sum", "1")])
    #expect(text(end.bytes) == "0\r\nx-sum: 1\r\n\r\n")
    #expect(end.ending == .complete)
    #expect(!framing.closes)
  }

  @Test("the bytes that complete a declared length wait for the end")
  func length() {
    var framing = framing(.length(4), headers: [HeaderField("content-length", "4")])
    #expect(text(framing.head) == "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n")
    #expect(text(framing.sent(Array("ab".utf8))) == "ab")
    #expect(framing.sent(Array("cd".utf8)) == [])
    let end = framing.end(Ending(how: .complete))
    #expect(text(end.bytes) == "cd")
    #expect(end.ending == .complete)
  }

  @Test(
    "no byte beyond a declared length goes out", arguments: [["abcdef"], ["ab", "cdef", "gh"]])
  func beyondLength(arrivals: [String]) {
    var framing = framing(.length(4))
    let sent = arrivals.map { text(framing.sent(Array($0.utf8))) }.joined()
    #expect(sent + text(framing.end(Ending(how: .complete)).bytes) == "abcd")
  }

  @Test("a body shorter than its declared length ends as one that is cut off")
  func belowLength() {
    var framing = framing(.length(4))
    #expect(text(framing.sent(Array("ab".utf8))) == "ab")
    #expect(framing.end(Ending(how: .complete)).ending == .disconnect)
  }

  @Test("a body that ends with the connection does so here")
  func eof() {
    var framing = framing(.eof)
    #expect(text(framing.head) == "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    #expect(text(framing.sent(Array("ab".utf8))) == "ab")
    #expect(framing.closes)
    #expect(framing.end(Ending(how: .complete)).bytes == [])
  }

  @Test("a client of HTTP/1.0 gets no chunks")
  func oldClient() {
    var framing = framing(.chunked, client: ClientTraits(speaksHTTP10: true, closes: true))
    #expect(!text(framing.head).contains("chunked"))
    #expect(text(framing.sent(Array("ab".utf8))) == "ab")
    #expect(framing.end(Ending(how: .complete)).bytes == [])
  }

  @Test("an answer without a body has no framing", arguments: [204, 304])
  func bodiless(status: Int) {
    var framing = framing(.chunked, status: status)
    #expect(!text(framing.head).contains("transfer-encoding"))
    #expect(framing.sent([1]) == [])
    #expect(framing.end(Ending(how: .complete)).bytes == [])
  }

  @Test(
    "a break upstream is the same break here",
    arguments: [
      (Ending.How.truncated, "", Plan.Ending.disconnect), (.reset, "", .reset),
      (.malformed, "zz\r\n", .disconnect), (.timeout, "", .disconnect),
      (.cancelled, "", .disconnect),
    ])
  func breaks(how: Ending.How, bytes: String, ending: Plan.Ending) {
    var framing = framing(.chunked)
    _ = framing.sent([1])
    let end = framing.end(Ending(how: how))
    #expect(text(end.bytes) == bytes)
    #expect(end.ending == ending)
  }

  @Test("a location on the upstream becomes one on the deck, directives included")
  func location() {
    let framing = framing(
      .length(0), status: 307, headers: [HeaderField("location", "https://api.example.com/v2")],
      client: ClientTraits(prefix: "/~session=t1"))
    #expect(text(framing.head).contains("location: /~session=t1/v2\r\n"))
  }

  @Test("hop-by-hop fields stay behind, all others go on in order")
  func fields() {
    let framing = framing(
      .chunked,
      headers: [
        HeaderField("X-A", "1"), HeaderField("Connection", "keep-alive, x-hop"),
        HeaderField("X-Hop", "2"), HeaderField("Set-Cookie", "a"), HeaderField("Set-Cookie", "b"),
        HeaderField("content-encoding", "br"),
      ])
    #expect(
      text(framing.head)
        == "HTTP/1.1 200 OK\r\nX-A: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
        + "content-encoding: br\r\ntransfer-encoding: chunked\r\n\r\n")
  }
}

extension RelayFraming {
  /// What goes out at once of bytes that came.
  fileprivate mutating func sent(_ bytes: [UInt8]) -> [UInt8] {
    var wire: [UInt8] = []
    chunk(bytes, to: &wire)
    return wire
  }
}
