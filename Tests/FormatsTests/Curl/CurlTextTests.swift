import Cassettes
import Formats
import HTTP
import Testing

@Suite("The output of curl -i and -v")
struct CurlTextTests {
  private typealias Samples = CurlSamples
  private static let include = CurlIncludeFormat()
  private static let verbose = CurlVerboseFormat()

  private static let meter =
    "\r100  1082    0   994  100    88   4941    437 --:--:--  0:00:01 --:--:--  5356"
  private static let title =
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    + "                                 Dload  Upload   Total   Spent    Left  Speed\n"
  private static let left = "* Connection #0 to host 127.0.0.1 left intact\n"

  private static func verbose(
    _ body: String, fields: String = "< transfer-encoding: chunked\r\n", end: String = left
  ) -> String {
    "*   Trying 127.0.0.1:80...\n* Connected to 127.0.0.1 (127.0.0.1) port 80 (#0)\n"
      + "> POST /v1/messages HTTP/1.1\r\n> Host: a\r\n> Content-Length: 2\r\n> \r\n"
      + "} [2 bytes data]\n< HTTP/1.1 200 OK\r\n< content-type: text/event-stream\r\n" + fields
      + "< \r\n{ [30 bytes data]\n" + body + end
  }

  @Test("Heads that came before the one that counts are no answers")
  func interim() throws {
    let capture = try Samples.one(
      "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 302 Found\r\nlocation: /b\r\n\r\n"
        + "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\ndata: 1\n\n", with: Self.include)
    #expect(capture.status == 200)
    #expect(Samples.text(capture.body) == "data: 1\n\n")
    #expect(capture.framing == .chunked)
    #expect(capture.ending == .complete)
  }

  @Test("A redirect that nothing follows is the answer")
  func redirect() throws {
    let capture = try Samples.one(
      "HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 2\r\n\r\nok", with: Self.include)
    #expect(capture.status == 302)
    #expect(Samples.text(capture.body) == "ok")
  }

  @Test("With --raw the chunks are still there")
  func raw() throws {
    let capture = try Samples.one(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n0\r\n\r\n",
      with: Self.include)
    #expect(Samples.text(capture.body) == "data: 1\n\n")
    #expect(capture.ending == .complete)
  }

  @Test("Several answers in one file are several exchanges")
  func several() throws {
    let captures = try Samples.read(
      "HTTP/1.1 429 Slow Down\r\ncontent-length: 2\r\n\r\n{}"
        + "HTTP/2 200 \r\ncontent-type: text/event-stream\r\n\r\ndata: HTTP/1.1 200\n\n",
      with: Self.include)
    #expect(captures.map(\.status) == [429, 200])
    #expect(captures.map { Samples.text($0.body) } == ["{}", "data: HTTP/1.1 200\n\n"])
    #expect(captures.map(\.http) == ["1.1", "2"])
  }

  @Test("Heads with LF alone over a body whose line ends were changed")
  func edited() throws {
    let capture = try Samples.one(
      "HTTP/1.1 200 OK\ncontent-length: 17\n\ndata: 1\ndata\n\n", with: Self.include)
    #expect(capture.ending == .complete)
    #expect(capture.losses.contains { $0.contains("line ends") })
  }

  @Test("What curl says of its failure is how the answer ended")
  func failure() throws {
    let words = "curl: (18) transfer closed with outstanding read data remaining\n"
    for body in ["data: 1\n\n", "data: {\"a\""] {
      let capture = try Samples.one(
        Self.title + Self.meter + "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + body
          + Self.meter + "\n" + words, with: Self.include)
      #expect(Samples.text(capture.body) == body)
      #expect(capture.ending == .truncated)
      #expect(capture.curlCode == 18)
    }
  }

  @Test("A length that the body does not have is a body that was cut")
  func short() throws {
    let capture = try Samples.one(
      "HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\ndata: 1\n\n", with: Self.include)
    #expect(capture.ending == .truncated)
    #expect(capture.framing == .length(30))
  }

  @Test("A head without its end is an error that says where")
  func cutHead() {
    #expect(throws: ImportError("expected a status line, as \"HTTP/1.1 200 OK\"", line: 1)) {
      try Samples.read("HTTP/9 OK\r\n", with: Self.include)
    }
    #expect {
      try Samples.read("HTTP/1.1 200 OK\r\ncontent-", with: Self.include)
    } throws: {
      ($0 as? ImportError)?.line == 1
    }
  }

  @Test("Request, fields and body are told apart in what -v says")
  func request() throws {
    let capture = try Samples.one(
      Self.title + Self.meter + Self.verbose("data: 1\n\n"), with: Self.verbose)
    #expect(capture.request.method == "POST")
    #expect(capture.request.url == "http://a/v1/messages")
    #expect(capture.request.headers.value(of: "content-length") == "2")
    #expect(Samples.text(capture.body) == "data: 1\n\n")
    #expect(capture.ending == .complete)
    #expect(capture.times == .unknown)
    #expect(capture.losses == ["curl -v does not show the body of the request"])
  }

  @Test(
    "Lines of a body that begin as curl's do stay in the body",
    arguments: [
      "* one\n* two\n\n", "> quoted\n< x: y\n{ [a] }\n", "data: 1\n* Closing connection\ndata: 2\n",
      "text\n< x: 1\nmore\n", "} [2 bytes data] \nx\n", "curl: (18) no\nx\n", "no line end",
      "data: * Connection #0 to host a left intact\n\n", "a\r\nb\rc\n\n", "{\"a\": \"c*c\"}",
    ])
  func lookalikes(body: String) throws {
    let length = "< content-length: \(body.utf8.count)\r\n"
    for fields in ["< transfer-encoding: chunked\r\n", length] {
      // Behind the body's first byte: what stands at the border of a block may be curl's.
      let capture = try Samples.one(
        Self.verbose(
          "." + body,
          fields: fields.replacing(
            "\(body.utf8.count)", with: "\(body.utf8.count + 1)")), with: Self.verbose)
      #expect(Samples.text(capture.body) == "." + body)
      #expect(capture.ending == .complete)
    }
  }

  @Test("Standard output that comes in blocks has curl's lines in the middle of its own")
  func blocks() throws {
    let body = String(repeating: "data: {\"text\":\"words\"}\n\n", count: 400)
    let (first, rest) = (body.prefix(8192), body.dropFirst(8192))
    let mixed = String(first) + Self.meter + "\n" + Self.left + rest
    for text in [
      Self.verbose(mixed, end: ""), Self.verbose("", end: Self.left + body),
      Self.verbose(first + "* Mark bundle as not supporting multiuse\n" + rest),
    ] {
      let capture = try Samples.one(text, with: Self.verbose)
      #expect(Samples.text(capture.body) == body)
      #expect(capture.ending == .complete)
    }
  }

  @Test("The meter may stand anywhere in a body")
  func meter() throws {
    let capture = try Samples.one(
      Self.verbose("data: \(Self.meter)1\(Self.meter)\n\ndata: 2\n\n\(Self.meter)\n"),
      with: Self.verbose)
    #expect(Samples.text(capture.body) == "data: 1\n\ndata: 2\n\n")
  }

  @Test("What -v says of the end is how it ended")
  func endings() throws {
    let end =
      "* Recv failure: Connection reset by peer\n* Closing connection 0\n"
      + "curl: (56) Recv failure: Connection reset by peer\n"
    let capture = try Samples.one(Self.verbose("data: 1\n", end: end), with: Self.verbose)
    #expect(Samples.text(capture.body) == "data: 1\n")
    #expect(capture.ending == .reset)
    #expect(capture.curlCode == 56)
    let refused = try Samples.one(
      "*   Trying 127.0.0.1:1...\n* connect to 127.0.0.1 port 1 failed: Connection refused\n"
        + "* Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server\n"
        + "* Closing connection 0\ncurl: (7) Failed to connect to 127.0.0.1 port 1\n",
      with: Self.verbose)
    #expect(refused.ending == .unreachable)
    #expect(refused.endingStage == .connect)
  }

  @Test("With -iv the head that stands twice is not in the body")
  func both() throws {
    let capture = try Samples.one(
      Self.verbose("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\ndata: 1\n\n"),
      with: Self.verbose)
    #expect(Samples.text(capture.body) == "data: 1\n\n")
  }
}
