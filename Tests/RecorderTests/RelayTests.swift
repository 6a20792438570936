import Cassettes
import HTTP
import Recorder
import Testing

@Suite("A recording for a relay", .timeLimit(.minutes(1)))
struct RelayTests {
  private let recorder: StreamRecorder

  init() throws { recorder = try StreamRecorder() }

  private static let options = {
    var options = RecordingOptions(
      reusesConnections: true, decodesContent: false, addsFields: false, maxBytes: .max,
      maxChunks: .max)
    options.idleReuse = .seconds(100)
    return options
  }()
  private static let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

  private func record(
    _ url: String, method: String = "GET", headers: [HeaderField] = [], body: String = ""
  ) async throws -> Recorded {
    try await Recorded(
      RecordingRequest(
        url: url, method: method, headers: headers, body: Array(body.utf8), options: Self.options),
      with: recorder)
  }

  @Test("uses a connection again")
  func reuse() async throws {
    let server = try ScriptedServer([
      .request, .send(Self.answer), .request, .send(Self.answer), .request, .send(Self.answer),
    ])
    for _ in 0..<3 {
      let recorded = try await record(server.url, method: "POST", body: "{}")
      #expect(recorded.ending.how == .complete, "\(recorded.ending)")
      #expect(recorded.body == "ok")
    }
    #expect(server.requests.count == 3)
  }

  @Test(
    "sends again what a connection that was used before lost, records it once, and counts from then",
    arguments: [("GET", "", false), ("GET", "", true), ("OPTIONS", "", false)])
  func stale(method: String, body: String, isReset: Bool) async throws {
    let server = try ScriptedServer(
      [.request, .send(Self.answer), .request, .wait(milliseconds: 800)]
        + (isReset ? [.reset] : []),
      [.request, .send(Self.answer)])
    _ = try await record(server.url)
    let recorded = try await record(server.url, method: method, body: body)
    #expect(recorded.ending.how == .complete, "\(recorded.ending)")
    #expect(recorded.body == "ok")
    #expect(server.requests.count == 3)
    #expect(server.requests[1] == server.requests[2])
    let kinds = recorded.events.filter { if case .sent = $0 { true } else { false } }
    #expect(kinds.count == 1)
    #expect(try #require(recorded.exchange.head).at.count < 800_000)
  }

  @Test(
    "sends nothing again that may change something, and says what became of it",
    arguments: ["POST", "PUT", "DELETE", "PATCH"], [true, false])
  func sentOnce(method: String, isReset: Bool) async throws {
    let server = try ScriptedServer(
      [.request, .send(Self.answer), .request] + (isReset ? [.reset] : []),
      [.request, .send(Self.answer)])
    _ = try await record(server.url, method: method, body: "{}")
    let recorded = try await record(server.url, method: method, body: "{}")
    #expect(recorded.ending.how == .unreachable, "\(recorded.ending)")
    #expect(recorded.ending.stage == .request)
    #expect(recorded.failure == (isReset ? .reset : .closed))
    // libcurl connects once more, and says nothing then.
    #expect(server.requests.filter { !$0.isEmpty }.count == 2)
  }

  @Test("says that a connection was lost also where the server is gone by then")
  func sentOnceToNobody() async throws {
    let server = try ScriptedServer([.request, .send(Self.answer), .request])
    _ = try await record(server.url, method: "POST", body: "{}")
    let recorded = try await record(server.url, method: "POST", body: "{}")
    #expect(recorded.ending.how == .unreachable, "\(recorded.ending)")
    #expect(recorded.failure == .closed)
  }

  @Test("what no connection takes any more is sent over another")
  func sentNowhere() async throws {
    let server = try ScriptedServer(
      [.request, .send(Self.answer), .reset], [.request, .send(Self.answer)])
    _ = try await record(server.url, method: "POST", body: "{}")
    let recorded = try await record(server.url, method: "POST", body: "{}")
    #expect(recorded.ending.how == .complete, "\(recorded.ending)")
    #expect(server.requests.count == 2)
  }

  @Test("a connection that was closed while nobody used it is not used")
  func closedMeanwhile() async throws {
    let server = try ScriptedServer(
      [.request, .send(Self.answer)], [.request, .send(Self.answer)])
    for _ in 0..<2 {
      let recorded = try await record(server.url, method: "POST", body: "{}")
      #expect(recorded.ending.how == .complete, "\(recorded.ending)")
    }
    #expect(server.requests.count == 2)
  }

  @Test("leaves a content coding as it is, in both directions")
  func coded() async throws {
    let bytes = try Gzip.member(of: Array("hello".utf8))
    let server = try ScriptedServer([
      .request, .send("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"), .sendBytes(bytes),
    ])
    let recorded = try await record(
      server.url, headers: [HeaderField("Accept-Encoding", "gzip, br")])
    #expect(recorded.exchange.body == bytes)
    #expect(recorded.exchange.head?.decoded == nil)
    #expect(recorded.exchange.head?.headers.value(of: "content-encoding") == "gzip")
    let lines = try #require(server.requests.first).lowercased().split(separator: "\r\n")
    #expect(lines.filter { $0.hasPrefix("accept-encoding") } == ["accept-encoding: gzip, br"])
  }

  @Test("sends the fields that it is given and adds none but the host and the length")
  func fields() async throws {
    let server = try ScriptedServer(
      [.request, .send(Self.answer)], [.request, .send(Self.answer)])
    _ = try await record(
      server.url + "/a//b/../c?x=%2f&&y",
      headers: [
        HeaderField("X-A", "1"), HeaderField("x-a", "2"), HeaderField("X-Empty", ""),
        HeaderField("x-blank", " \t"), HeaderField("x-l", "caf\u{E9}"), HeaderField("X-A", "1"),
      ])
    #expect(
      server.requests.first == "GET /a//b/../c?x=%2f&&y HTTP/1.1\r\n"
        + "Host: 127.0.0.1:\(server.port)\r\nX-A: 1\r\nx-a: 2\r\nX-Empty:\r\nx-blank:\r\n"
        + "x-l: caf\u{E9}\r\nX-A: 1\r\n\r\n")
    _ = try await record(
      server.url, method: "POST",
      headers: [HeaderField("Host", "example.com"), HeaderField("Content-Type", "x/y")], body: "{}")
    #expect(
      server.requests.last
        == "POST / HTTP/1.1\r\nHost: example.com\r\nContent-Type: x/y\r\nContent-Length: 2\r\n\r\n{}"
    )
  }

  @Test(
    "sends every method with its body, and a POST without one says so",
    arguments: [
      ("GET", "q", "Content-Length: 1\r\n"), ("DELETE", "q", "Content-Length: 1\r\n"),
      ("DELETE", "", ""), ("OPTIONS", "", ""), ("HEAD", "", ""),
      ("POST", "", "Content-Length: 0\r\n"), ("PUT", "", "Content-Length: 0\r\n"),
      ("PATCH", "{", "Content-Length: 1\r\n"), ("PROPFIND", "", ""), ("get", "", ""),
      ("POST", String(repeating: "x", count: 300_000), "Content-Length: 300000\r\n"),
    ])
  func methods(method: String, body: String, length: String) async throws {
    let answer = method == "HEAD" ? "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n" : Self.answer
    let server = try ScriptedServer([.request, .send(answer)])
    let recorded = try await record(server.url, method: method, body: body)
    #expect(recorded.ending.how == .complete, "\(recorded.ending)")
    #expect(
      server.requests.first
        == "\(method) / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\(length)\r\n\(body)")
  }

  /// 400 KB of fields, each of a length that is taken.
  private static let manyLines = String(
    repeating: "x: \(String(repeating: "y", count: 1_000))\r\n", count: 400)

  @Test(
    "tells apart why there is no head",
    arguments: [
      ([], .closed), ([.reset], .reset), ([.send("HTTP/1.1 200 OK\r\nx: "), .reset], .reset),
      ([.send("HTTP/1.1 200 OK\r\nx: y\r\n")], .cut), ([.send("HTTP/1.1 200 OK\r\n")], .cut),
      ([.send("SSH-2.0-OpenSSH\r\n"), .hold], .notHTTP), ([.send("<html>old</html>")], .notHTTP),
      ([.send("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"), .hold], .malformed),
      ([.send("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"), .hold], .malformed),
      (
        [.send("HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 200_000) + "\r\n\r\n")],
        .oversized
      ),
      ([.send("HTTP/1.1 200 OK\r\n" + Self.manyLines), .hold], .oversized),
      ([.hold], .silence), ([.send("HTTP/1.1 200 OK\r\n"), .hold], .silence),
    ] as [([ScriptedServer.Step], RecordingFailure)])
  func failures(steps: [ScriptedServer.Step], failure: RecordingFailure) async throws {
    let server = try ScriptedServer([.request] + steps)
    var options = Self.options
    if failure == .silence { options.firstByteTimeout = .milliseconds(300) }
    let recorded = try await Recorded(
      RecordingRequest(url: server.url, options: options), with: recorder)
    #expect(recorded.failure == failure, "\(recorded.ending)")
    #expect(recorded.exchange.head == nil)
  }

  @Test("tells apart why there is no connection, and nothing where there is a head")
  func noConnection() async throws {
    let port = try ScriptedServer.closedPort()
    #expect(try await record("http://127.0.0.1:\(port)").failure == .unconnected)
    #expect(try await record("http://nobody.invalid/").failure == .unresolved)
    let plain = try ScriptedServer([.send("no TLS here\r\n\r\n"), .hold])
    #expect(try await record("https://127.0.0.1:\(plain.port)").failure == .handshake)
    let cut = try ScriptedServer([.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")])
    let recorded = try await record(cut.url)
    #expect(recorded.failure == nil)
    #expect(recorded.ending.how == .truncated)
  }
}
