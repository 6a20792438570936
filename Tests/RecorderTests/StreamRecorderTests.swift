import Cassettes
import HTTP
import LosslessJSON
import Recorder
import Testing

@Suite("A recording of what came", .timeLimit(.minutes(1)))
struct StreamRecorderTests {
  private static let head = ScriptedServer.chunkedHead
  private let recorder: StreamRecorder

  init() throws { recorder = try StreamRecorder() }

  @Test("has every HTTP chunk as a chunk, the head as it came, and ends complete")
  func chunked() async throws {
    let server = try ScriptedServer([
      .request,
      .send("HTTP/1.1 200 Fine\r\nX-B:  caf\u{E9}\r\nTransfer-Encoding: chunked\r\nx-b: 2\r\n\r\n"),
      ScriptedServer.chunk("data: a\n\n"), .pause, ScriptedServer.chunk("data: b\n"),
      ScriptedServer.chunk("\n"), .send("0\r\n\r\n"),
    ])
    let recorded = try await Recorded(RecordingRequest(url: server.url), with: recorder) {
      event, _ in if case .chunk = event { server.proceed() }
    }
    #expect(recorded.chunks == ["data: a\n\n", "data: b\n", "\n"])
    #expect(recorded.ending.how == .complete)
    #expect(recorded.ending.curlCode == nil)
    let head = try #require(recorded.exchange.head)
    #expect(head.status == 200)
    #expect(head.http == "1.1")
    #expect(head.framing == .chunked)
    #expect(head.decoded == nil)
    #expect(head.headers.map(\.name) == ["X-B", "Transfer-Encoding", "x-b"])
    // The bytes are Latin-1 by the letter of HTTP, so UTF-8 reads as two characters.
    #expect(head.headers.first?.value == "caf\u{C3}\u{A9}")
    let times = [head.at] + recorded.exchange.chunks.map(\.at) + [recorded.ending.at]
    #expect(times == times.sorted())
  }

  @Test(
    "says how the body was framed",
    arguments: [
      ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", .length(5), "hello"),
      ("GET", "HTTP/1.1 200 OK\r\n\r\nhello", .eof, "hello"),
      ("GET", "HTTP/1.0 200 OK\r\n\r\nhello", .eof, "hello"),
      ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .length(0), ""),
      ("GET", "HTTP/1.1 204 No Content\r\n\r\n", .length(0), ""),
      ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", .length(0), ""),
      (
        "GET",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na",
        .length(1), "a"
      ),
      ("GET", "HTTP/1.1 529 \r\ncontent-length: 0\r\n\r\n", .length(0), ""),
    ] as [(String, String, ResponseHead.Framing, String)]
  )
  func framing(method: String, answer: String, framing: ResponseHead.Framing, body: String)
    async throws
  {
    let server = try ScriptedServer([.request, .send(answer)])
    let recorded = try await Recorded(
      RecordingRequest(url: server.url, method: method), with: recorder)
    #expect(recorded.exchange.head?.framing == framing)
    #expect(recorded.exchange.head?.headers.value(of: "link") == nil)
    #expect(recorded.body == body)
    #expect(recorded.ending.how == .complete)
  }

  @Test("joins folded lines, and has the trailers")
  func foldedLinesAndTrailers() async throws {
    let server = try ScriptedServer([
      .request,
      .send(
        "HTTP/1.1 200 OK\r\nx-long: one\r\n  two\r\n\tthree\r\nTransfer-Encoding: chunked\r\n\r\n"),
      ScriptedServer.chunk("a"), .send("0\r\nx-sum: 1\r\nX-Other: 2\r\n\r\n"),
    ])
    let recorded = try await Recorded(RecordingRequest(url: server.url), with: recorder)
    #expect(recorded.exchange.head?.headers.value(of: "x-long") == "one two three")
    #expect(
      recorded.exchange.trailers?.fields == [
        HeaderField("x-sum", "1"), HeaderField("X-Other", "2"),
      ])
    #expect(recorded.ending.how == .complete)
  }

  @Test("undoes a coding that nobody asked for, and says so")
  func gzip() async throws {
    // printf hello | gzip -n
    let zipped: [UInt8] = [
      0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10,
      0x36, 5, 0, 0, 0,
    ]
    let server = try ScriptedServer([
      .request,
      .send("HTTP/1.1 200 OK\r\nContent-Encoding: GZIP\r\nContent-Length: \(zipped.count)\r\n\r\n"),
      .sendBytes(zipped),
    ])
    let recorded = try await Recorded(RecordingRequest(url: server.url), with: recorder)
    #expect(recorded.body == "hello")
    #expect(recorded.exchange.head?.decoded == "gzip")
    #expect(recorded.exchange.head?.framing == .length(Int64(zipped.count)))
    #expect(server.requests.first?.contains("accept-encoding: identity\r\n") == true)
  }

  @Test("sends the request as it was asked for, and records the fields as they went out")
  func requestAsSent() async throws {
    let server = try ScriptedServer([
      .request, .send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ])
    let body = Array(" {\"big\":\"\(String(repeating: "x", count: 1_200_000))\"}".utf8)
    let request = RecordingRequest(
      url: server.url + "/v1/../a?b=c", method: "POST",
      headers: [
        HeaderField("x-api-key", "secret"), HeaderField("X-Empty", ""),
        HeaderField("x-l", "\u{E9}"),
      ], body: body)
    let recorded = try await Recorded(request, with: recorder)
    let sent = try #require(server.requests.first)
    #expect(sent.hasPrefix("POST /v1/../a?b=c HTTP/1.1\r\n"))
    #expect(sent.hasSuffix("\r\n\r\n" + String(decoding: body, as: UTF8.self)))
    #expect(!sent.lowercased().contains("\r\nexpect:"))
    let lines = sent.prefix { $0 != "{" }.split(separator: "\r\n").dropFirst()
    let recordedLines = recorded.exchange.request.headers.map { "\($0.name): \($0.value)" }
    #expect(
      lines.map { String($0) }.filter { $0 != " " }
        == recordedLines.map {
          $0.hasSuffix(": ") ? String($0.dropLast()) : $0
        })
    let headers = recorded.exchange.request.headers
    #expect(headers.value(of: "x-api-key") == "secret")
    #expect(headers.value(of: "x-empty") == "")
    #expect(headers.value(of: "x-l") == "\u{E9}")
    #expect(headers.value(of: "content-type") == "application/json")
    #expect(headers.value(of: "user-agent") == "tapedeck/0.1.0")
    #expect(headers.value(of: "content-length") == "\(body.count)")
    #expect(recorded.exchange.request.at.hasSuffix("Z"))
    #expect(recorded.exchange.request.body == body)
  }

  @Test(
    "sends every method and adds no content type of its own",
    arguments: [
      ("POST", "", "content-length: 0"), ("POST", "a=b", "content-length: 3"),
      ("PUT", "x", "content-length: 1"), ("DELETE", "", nil), ("PATCH", "[]", "content-length: 2"),
      ("GET", "q", "content-length: 1"), ("QUERY", "q", "content-length: 1"), ("OPTIONS", "", nil),
    ] as [(String, String, String?)]
  )
  func methods(method: String, body: String, length: String?) async throws {
    let server = try ScriptedServer([
      .request, .send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ])
    let recorded = try await Recorded(
      RecordingRequest(url: server.url + "/p", method: method, body: Array(body.utf8)),
      with: recorder)
    let sent = try #require(server.requests.first)
    #expect(sent.hasPrefix("\(method) /p HTTP/1.1\r\n"))
    #expect(sent.hasSuffix("\r\n\r\n" + body))
    #expect(sent.lowercased().contains("content-length: ") == (length != nil))
    if let length { #expect(sent.lowercased().contains("\r\n\(length)\r\n")) }
    #expect(sent.lowercased().contains("content-type") == (body.first == "["))
    #expect(recorded.ending.how == .complete)
  }

  @Test("has gaps at least as long as the server waited, and a tick in long ones")
  func gaps() async throws {
    let server = try ScriptedServer([
      .request, .pause, .wait(milliseconds: 60), .send(Self.head), .pause, .wait(milliseconds: 40),
      ScriptedServer.chunk("a"), .pause, .wait(milliseconds: 600), ScriptedServer.chunk("b"),
      .send("0\r\n\r\n"),
    ])
    let recorded = try await Recorded(
      RecordingRequest(url: server.url, method: "POST", body: Array("{}".utf8)), with: recorder
    ) { event, _ in
      switch event {
      case .sent, .head, .chunk: server.proceed()
      default: break
      }
    }
    let head = try #require(recorded.exchange.head).at.count
    let times = recorded.exchange.chunks.map(\.at.count)
    #expect(recorded.chunks == ["a", "b"])
    #expect(head >= 59_000)
    #expect(times[0] - head >= 39_000)
    #expect(times[1] - times[0] >= 599_000)
    #expect(recorded.ticks >= 1)
  }

  @Test("follows redirects only when told to, and then has the last answer")
  func redirects() async throws {
    let redirect = "HTTP/1.1 307 Go\r\nlocation: /there?key=k\r\ncontent-length: 2\r\n\r\nno"
    let first = try ScriptedServer([.request, .send(redirect)])
    let stayed = try await Recorded(RecordingRequest(url: first.url), with: recorder)
    #expect(stayed.exchange.head?.status == 307)
    #expect(stayed.body == "no")

    let second = try ScriptedServer(
      [.request, .send(redirect)],
      [.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes")])
    var request = RecordingRequest(
      url: second.url + "/here", options: RecordingOptions(followRedirects: true))
    request.headers = [HeaderField("x-a", "1")]
    let followed = try await Recorded(request, with: recorder)
    #expect(followed.exchange.head?.status == 200)
    #expect(followed.body == "yes")
    #expect(second.requests.last?.hasPrefix("GET /there?key=k HTTP/1.1\r\n") == true)
    #expect(
      followed.exchange.asides.map(\.data) == [.string("followed a redirect: 307 to /there?key=*")])
    #expect(followed.exchange.request.headers.value(of: "x-a") == "1")
  }

  @Test(
    "a redirect that leads on without end, or to another scheme, is itself the answer",
    arguments: [("/on", 11, 47), ("ftp://h/", 1, 1), ("http://[", 1, 3)])
  func unfollowedRedirects(location: String, requests: Int, code: Int) async throws {
    let answer = "HTTP/1.1 302 Go\r\nlocation: \(location)\r\ncontent-length: 0\r\n\r\n"
    let server = try ScriptedServer(
      scripts: Array(repeating: [.request, .send(answer)], count: requests))
    let recorded = try await Recorded(
      RecordingRequest(url: server.url, options: RecordingOptions(followRedirects: true)),
      with: recorder)
    #expect(server.requests.count == requests)
    #expect(recorded.exchange.head?.status == 302)
    #expect(recorded.ending.how == .complete, "\(recorded.ending)")
    #expect(recorded.ending.curlCode == code)
    #expect(recorded.ending.detail?.contains("not followed") == true)
    #expect(recorded.exchange.asides.count == requests - 1)
  }

  @Test(
    "what is beyond ASCII behind the authority is sent and recorded percent-encoded",
    arguments: [
      ("/é?q=ü€", "/%C3%A9?q=%C3%BC%E2%82%AC"), ("?q=ü", "/?q=%C3%BC"),
      ("/a%C3%BC?b=%e2&c='d", "/a%C3%BC?b=%e2&c='d"),
    ])
  func unicode(target: String, sent: String) async throws {
    let server = try ScriptedServer([
      .request, .send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ])
    let recorded = try await Recorded(
      RecordingRequest(url: server.url + target), with: recorder)
    #expect(server.requests.first?.hasPrefix("GET \(sent) HTTP/1.1\r\n") == true)
    #expect(recorded.exchange.request.url?.utf8.allSatisfy { $0 < 0x80 } == true)
    #expect(recorded.exchange.request.url?.hasSuffix(sent.drop { $0 == "/" }) == true)
    #expect(recorded.exchange.request.path == sent)
  }

  @Test("serves many transfers at once")
  func many() async throws {
    let count = 40
    let steps: [ScriptedServer.Step] = [
      .request, .send(Self.head), ScriptedServer.chunk("a"), .send("0\r\n\r\n"),
    ]
    let servers = try (0..<count).map { _ in try ScriptedServer(steps) }
    try await withThrowingTaskGroup(of: String.self) { group in
      for server in servers {
        group.addTask { [recorder] in
          try await Recorded(RecordingRequest(url: server.url), with: recorder).body
        }
      }
      for try await body in group { #expect(body == "a") }
    }
  }

  @Test("a request that cannot be sent as it stands is an error that says why")
  func invalidRequests() throws {
    for (request, word) in [
      (RecordingRequest(url: "ftp://h/"), "http"), (RecordingRequest(url: "not a url"), "URL"),
      (RecordingRequest(url: ""), "URL"),
      (RecordingRequest(url: "http://h/", method: "A B"), "method"),
      (RecordingRequest(url: "https://h/", options: .init(caFile: "/none.pem")), "/none.pem"),
      (RecordingRequest(url: "https://h/", options: .init(caFile: "/tmp")), "directory"),
      (RecordingRequest(url: "http://h/", headers: [HeaderField("a b", "")]), "a b"),
      (RecordingRequest(url: "http://h/", headers: [HeaderField("a", "b\r\nc: d")]), "control"),
      (RecordingRequest(url: "http://h/", headers: [HeaderField("a", "\u{142}")]), "Latin-1"),
    ] {
      let error = #expect(throws: RecordingError.self) { try recorder.record(request) }
      #expect(error?.reason.contains(word) == true)
    }
  }
}
