import Cassettes
import Formats
import HTTP
import Testing

@Suite("Traces of curl")
struct CurlTraceTests {
  private typealias Samples = CurlSamples
  private static let format = CurlTraceFormat()

  private static func arrivals(_ capture: Capture) -> (ends: [Int], at: [Int64], times: [Int64])? {
    guard case .arrivals(let chunks, let head, let end) = capture.times else { return nil }
    return (chunks.map(\.end), chunks.map(\.at.count), [head.count, end.count])
  }

  @Test("A trace with times gives the bytes without their chunks, each piece with its time")
  func timed() throws {
    let capture = try Samples.one(Samples.trace(Samples.hex), with: Self.format)
    #expect(capture.request.method == "POST")
    #expect(capture.request.url == "http://api.example.com/v1/messages")
    #expect(Samples.text(capture.request.body) == "{}")
    #expect(capture.status == 200)
    #expect(capture.framing == .chunked)
    #expect(Samples.text(capture.body) == Samples.body)
    #expect(capture.ending == .complete)
    #expect(capture.losses.isEmpty)
    let arrivals = try #require(Self.arrivals(capture))
    #expect(arrivals.ends == [15, 31])
    #expect(arrivals.at == [700_000, 1_000_000])
    #expect(arrivals.times == [500_000, 1_100_000])
  }

  @Test("The answer's date says the day and the zone of the local clock")
  func day() throws {
    let capture = try Samples.one(Samples.trace(Samples.hex), with: Self.format)
    let at = try #require(capture.at)
    #expect(Timestamp.rfc3339(microsecondsSince1970: at) == "2026-11-29T23:59:59.100000Z")
  }

  @Test("Text alone gives the same bytes, as far as line ends can be told")
  func printable() throws {
    let capture = try Samples.one(Samples.trace(Samples.ascii), with: Self.format)
    #expect(Samples.text(capture.body) == Samples.body)
    #expect(capture.ending == .complete)
    #expect(try #require(Self.arrivals(capture)).at == [700_000, 1_000_000])
  }

  @Test(
    "Line ends are rebuilt by the grammar of event streams",
    arguments: [
      "event: response.output_text.delta\ndata: {\"d\":\"1. a.data: b\"}\n\n",
      "id: 7\nevent: tick\ndata: {\"n\":0.5}\n\ndata: [DONE]\n\n",
      ": keep\ndata: plain words.\n\ndata: {\"a\":[1,2]}\n\n", "data: {\"s\":\"\\\"}..\"}\n\n",
    ])
  func rebuilt(body: String) throws {
    let text =
      Samples.ascii(nil, "=> Send header", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      + Samples.ascii(
        nil, "<= Recv header", "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
      + Samples.ascii(nil, "<= Recv data", body) + Samples.info(nil, "Closing connection 0")
    let capture = try Samples.one(text, with: Self.format)
    #expect(Samples.text(capture.body) == body)
    #expect(capture.ending == .complete)
    #expect(capture.framing == .eof)
  }

  @Test("Characters that are lost are said to be lost")
  func losses() throws {
    let text =
      Samples.ascii(nil, "=> Send header", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      + Samples.ascii(nil, "<= Recv header", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n")
      + Samples.ascii(nil, "<= Recv data", "\u{20AC}")
    let capture = try Samples.one(text, with: Self.format)
    #expect(Samples.text(capture.body) == "...")
    #expect(capture.losses.contains { $0.contains("stay dots") })
  }

  @Test("A coded body is not in a trace of text alone")
  func coded() {
    let text =
      Samples.ascii(nil, "=> Send header", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      + Samples.ascii(
        nil, "<= Recv header", "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n")
      + Samples.ascii(nil, "<= Recv data", "abc") + Samples.info(nil, "Closing connection 0")
    #expect(throws: ImportError.self) { try Samples.read(text, with: Self.format) }
  }

  @Test("A trace without times has the cuts alone")
  func untimed() throws {
    let text = Samples.trace(Samples.hex, isTimed: false)
    let capture = try Samples.one(text, with: Self.format)
    #expect(capture.times == .cuts([15, 31]))
    #expect(Samples.text(capture.body) == Samples.body)
  }

  @Test("Numbers of transfers keep those apart that go on at the same time")
  func numbered() throws {
    func numbered(_ number: Int, _ time: String) -> [String] {
      let records = [
        ("=> Send header", "GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("<= Recv header", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n"),
        ("<= Recv data", "ab\(number)"),
      ]
      return records.map { Samples.hex("\(time) [\(number)-\(number)]", $0.0, $0.1) }
    }
    let first = numbered(0, "10:00:00.000000")
    let second = numbered(1, "10:00:00.000001")
    let text = zip(first, second).map { $0 + $1 }.joined()
    let captures = try Samples.read(text, with: Self.format)
    #expect(captures.map(\.request.url) == ["http://a/0", "http://a/1"])
    #expect(captures.map { Samples.text($0.body) } == ["ab0", "ab1"])
  }

  private static func trace(of lines: [(String, String)]) -> String {
    lines.map { mark, text in
      mark.isEmpty
        ? Samples.info("10:00:00.000000", text) : Samples.hex("10:00:00.000000", mark, text)
    }.joined()
  }

  @Test("Each final answer is an exchange; interim answers and tunnels are none")
  func several() throws {
    let text = Self.trace(of: [
      ("", "  Trying 10.0.0.1:3128..."),
      ("=> Send header", "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n"),
      ("<= Recv header", "HTTP/1.1 200 Connection established\r\n"), ("<= Recv header", "\r\n"),
      ("=> Send SSL data", "abc"),
      ("=> Send header", "PUT /a HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n"),
      ("<= Recv header", "HTTP/1.1 100 Continue\r\n"), ("<= Recv header", "\r\n"),
      ("<= Recv header", "HTTP/1.1 103 Early Hints\r\n"), ("<= Recv header", "link: </>\r\n"),
      ("=> Send data", "3\r\nxyz\r\n"), ("=> Send data", "0\r\n\r\n"),
      ("<= Recv header", "HTTP/1.1 307 Temporary Redirect\r\n"),
      ("<= Recv header", "location: /b\r\n"), ("<= Recv header", "content-length: 9\r\n"),
      ("<= Recv header", "\r\n"), ("", "Issue another request to this URL: 'https://b/b'"),
      ("", "Re-using existing connection! (#0) with host b"),
      ("=> Send header", "PUT /b HTTP/1.1\r\nHost: b\r\n\r\n"),
      ("<= Recv header", "HTTP/1.1 204 No Content\r\n"), ("<= Recv header", "\r\n"),
    ])
    let captures = try Samples.read(text, with: Self.format)
    #expect(captures.map(\.request.url) == ["https://b/a", "https://b/b"])
    #expect(captures.map(\.status) == [307, 204])
    #expect(captures.map(\.ending) == [.complete, .complete])
    #expect(Samples.text(captures[0].request.body) == "xyz")
  }

  @Test("Data of HTTP/2 has no chunks; its trailers are fields")
  func http2() throws {
    let text = Self.trace(of: [
      ("", "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384"),
      ("=> Send header", "GET /e HTTP/2\r\nHost: a\r\n\r\n"), ("<= Recv header", "HTTP/2 200 \r\n"),
      ("<= Recv header", "content-type: text/event-stream\r\n"), ("<= Recv header", "\r\n"),
      ("<= Recv data", "data: 1\n\n"), ("<= Recv header", "x-sum: 5\r\n"),
      ("", "Connection #0 to host a left intact"),
    ])
    let capture = try Samples.one(text, with: Self.format)
    #expect(capture.request.url == "https://a/e")
    #expect(capture.framing == .h2)
    #expect(capture.http == "2")
    #expect(capture.ending == .complete)
    #expect(Samples.text(capture.body) == "data: 1\n\n")
    #expect(capture.trailers == [HeaderField("x-sum", "5")])
  }

  @Test(
    "What curl says of the end is how it ended",
    arguments: [
      ("transfer closed with outstanding read data remaining", Ending.How.truncated),
      ("Recv failure: Connection reset by peer", .reset),
      ("Operation timed out after 1000 milliseconds with 5 bytes received", .timeout),
      ("Illegal or missing hexadecimal sequence in chunked-encoding", .malformed),
      ("HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)", .reset),
      ("Failed writing body (0 != 16)", .cancelled),
    ])
  func endings(words: String, how: Ending.How) throws {
    let whole = Samples.trace(Samples.hex)
    let end = try #require(whole.firstRange(of: "00:00:00.300000"))
    let text =
      whole[..<end.lowerBound] + Samples.info("00:00:01.200000", words)
      + Samples.info("00:00:01.200001", "Closing connection 0")
    let capture = try Samples.one(String(text), with: Self.format)
    #expect(capture.ending == how)
    #expect(capture.endingDetail == words)
    #expect(try #require(Self.arrivals(capture)).times == [500_000, 2_000_000])
  }

  @Test(
    "A request that was never sent is unreachable, with its stage",
    arguments: [
      ("Could not resolve host: a.example", Ending.Stage.dns),
      ("Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server", .connect),
      ("SSL certificate problem: self-signed certificate", .tls),
    ])
  func unreachable(words: String, stage: Ending.Stage) throws {
    let text = Samples.info(nil, "  Trying 127.0.0.1:1...") + Samples.info(nil, words)
    let capture = try Samples.one(text, with: Self.format)
    #expect(capture.ending == .unreachable)
    #expect(capture.endingStage == stage)
  }

  @Test("A trace that just stops is truncated")
  func stops() throws {
    let whole = Samples.trace(Samples.hex)
    let end = try #require(whole.firstRange(of: "00:00:00.300000"))
    let capture = try Samples.one(String(whole[..<end.lowerBound]), with: Self.format)
    #expect(capture.ending == .truncated)
    #expect(Samples.text(capture.body) == Samples.body)
  }

  @Test(
    "A damaged trace is one line that says where",
    arguments: [
      ("0010: ", "0020: "), ("7b 7d", "7b zz"), (" 2 bytes (0x2)", " many bytes"),
      (" 2 bytes (0x2)", " 99999999999999 bytes (0x2)"), (" 2 bytes (0x2)", " 3 bytes (0x3)"),
      ("23:59:59.200000 => Send data, 2 bytes (0x2)\n", ""),
    ])
  func damaged(part: String, other: String) throws {
    let whole = Samples.trace(Samples.hex)
    let place = try #require(whole.firstRange(of: part))
    let text = whole.replacing(part, with: other, maxReplacements: 1)
    let line = whole[..<place.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    #expect {
      try Samples.read(text, with: Self.format)
    } throws: { error in
      (error as? ImportError).map { abs($0.line - line.count) <= 2 } ?? false
    }
  }

  @Test("Line ends of CR LF change nothing")
  func returns() throws {
    let text = Samples.trace(Samples.hex).replacing("\n", with: "\r\n")
    let capture = try Samples.one(text, with: Self.format)
    #expect(Samples.text(capture.body) == Samples.body)
  }

  @Test("A line end of the framing that two records share is one in text alone")
  func sharedLineEnd() throws {
    let head =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    let body = "a\r\ndata: {}\n\n\r\n9\r\ndata: 1.\n\r\n1\r\n\n\r\n0\r\n\r\n"
    for cut in 1..<body.utf8.count {
      let parts = [body.utf8.prefix(cut), body.utf8.dropFirst(cut)].map { String($0) ?? "" }
      let text =
        Samples.ascii(nil, "=> Send header", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        + Samples.ascii(nil, "<= Recv header", head)
        + parts.map { Samples.ascii(nil, "<= Recv data", $0) }.joined()
        + Samples.info(nil, "Connection #0 to host a left intact")
      let capture = try Samples.one(text, with: Self.format)
      #expect(capture.body.count == 20, "cut at \(cut)")
      #expect(capture.ending == .complete, "cut at \(cut)")
    }
  }
}
