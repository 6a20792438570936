import Cassettes
import HTTP
import Recorder
import Testing

@Suite("How a recording ended", .timeLimit(.minutes(1)))
struct EndingTests {
  private static let head = ScriptedServer.chunkedHead
  private let recorder: StreamRecorder

  init() throws { recorder = try StreamRecorder() }

  private func record(
    _ steps: [ScriptedServer.Step], options: RecordingOptions = RecordingOptions(),
    onEvent: @escaping (RecordingEvent, RecordingEvents) -> Void = { _, _ in }
  ) async throws -> Recorded {
    let server = try ScriptedServer([.request] + steps)
    let request = RecordingRequest(url: server.url, options: options)
    return try await Recorded(request, with: recorder) { event, events in
      if case .chunk = event { server.proceed() }
      onEvent(event, events)
    }
  }

  @Test("a FIN in the body is truncated, a FIN where it frames the body complete")
  func fin() async throws {
    let chunked = try await record([.send(Self.head), ScriptedServer.chunk("a"), .pause])
    #expect(chunked.ending.how == .truncated)
    #expect(chunked.ending.curlCode == 18)
    #expect(chunked.chunks == ["a"])
    let length = try await record([.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello")])
    #expect(length.ending.how == .truncated)
    #expect(length.body == "hello")
    let eof = try await record([.send("HTTP/1.1 200 OK\r\n\r\nhello")])
    #expect(eof.ending.how == .complete)
  }

  @Test("a RST in the body is a reset, with all that came before it")
  func reset() async throws {
    let recorded = try await record([.send(Self.head), ScriptedServer.chunk("a"), .pause, .reset])
    #expect(recorded.ending.how == .reset)
    #expect(recorded.ending.curlCode == 56)
    #expect(recorded.ending.detail?.isEmpty == false)
    #expect(recorded.chunks == ["a"])
  }

  @Test(
    "what breaks the grammar of HTTP is malformed",
    arguments: [
      (chunkedHeadAnd("zz\r\nhello"), true), (chunkedHeadAnd("5\r\nhelloXX"), true),
      ("SSH-2.0-OpenSSH\r\n", false), ("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n", false),
      ("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello", true),
      ("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\nhello", false),
    ])
  func malformed(answer: String, hasHead: Bool) async throws {
    let recorded = try await record([.send(answer), .hold])
    #expect(recorded.ending.how == .malformed, "\(recorded.ending)")
    #expect((recorded.exchange.head != nil) == hasHead)
  }

  @Test(
    "a length that cannot be true is malformed, and one that is not reached truncated",
    arguments: [
      ("content-length: 2\r\ncontent-length: 5", .malformed, ""),
      ("content-length: 5\r\ncontent-length: 2", .malformed, ""),
      ("content-length: 5, 2", .malformed, ""), ("content-length: 5x", .malformed, ""),
      ("content-length: 99999999999999999999", .truncated, "hello"),
      ("content-length: 9223372036854775808", .truncated, "hello"),
      ("content-length: 5, 5", .complete, "hello"),
      ("content-length: 5\r\ncontent-length: 05", .complete, "hello"),
      ("content-length: 9\r\ntransfer-encoding: chunked", .complete, "hello"),
    ] as [(String, Ending.How, String)])
  func lengths(fields: String, how: Ending.How, body: String) async throws {
    let text = fields.hasSuffix("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : "hello"
    let recorded = try await record([.send("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\n\(text)")])
    #expect(recorded.ending.how == how, "\(recorded.ending)")
    #expect(recorded.body == body)
  }

  private static func chunkedHeadAnd(_ text: String) -> String { head + text }

  @Test("without a head it is unreachable, and the stage says how far it got")
  func unreachable() async throws {
    let fin = try await record([])
    #expect(fin.ending.how == .unreachable)
    #expect(fin.ending.stage == .request)
    #expect(fin.ending.curlCode == 52)
    #expect(fin.exchange.request.headers.value(of: "host") != nil)
    let reset = try await record([.reset])
    #expect(reset.ending.how == .unreachable)
    #expect(reset.ending.stage == .request)
    #expect(reset.exchange.head == nil)

    let port = try ScriptedServer.closedPort()
    let refused = try await Recorded(
      RecordingRequest(url: "http://127.0.0.1:\(port)"), with: recorder)
    #expect(refused.ending.stage == .connect)
    #expect(refused.ending.curlCode == 7)
    #expect(refused.exchange.request.at == "never")

    let unknown = try await Recorded(
      RecordingRequest(url: "http://nobody.invalid/"), with: recorder)
    #expect(unknown.ending.how == .unreachable)
    #expect(unknown.ending.stage == .dns)

    let plain = try ScriptedServer([.send("no TLS here\r\n\r\n"), .hold])
    let tls = try await Recorded(
      RecordingRequest(url: "https://127.0.0.1:\(plain.port)"), with: recorder)
    #expect(tls.ending.how == .unreachable)
    #expect(tls.ending.stage == .tls)
  }

  @Test(
    "a head that is cut off, or larger than is taken, is unreachable: no whole head came",
    arguments: [
      ("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-a", "closed"),
      ("HTTP/1.1 200 OK\r\nx: y\r\n", "closed"), ("HTTP/1.1 200 OK\r\n", "closed"),
      ("HTTP/1.1 200 OK", ""), ("HTTP/1.1 2", ""), ("HTT", ""),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", "closed"),
      ("HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 200_000) + "\r\n\r\n", "long"),
      (
        "HTTP/1.1 200 OK\r\n" + String(repeating: "x: y\r\n", count: 200_000) + "\r\n",
        ""
      ),
    ])
  func noWholeHead(answer: String, says: String) async throws {
    let recorded = try await record([.send(answer)])
    #expect(recorded.ending.how == .unreachable, "\(recorded.ending)")
    #expect(recorded.ending.stage == .request)
    #expect(recorded.exchange.head == nil)
    let detail = try #require(recorded.ending.detail)
    #expect(!detail.isEmpty)
    #expect(says.isEmpty || detail.contains(says), "\(detail)")
  }

  @Test("a handshake that hangs is unreachable at the tls stage when the connect timeout is over")
  func connectTimeout() async throws {
    let silent = try ScriptedServer([.hold])
    let recorded = try await Recorded(
      RecordingRequest(
        url: "https://127.0.0.1:\(silent.port)",
        options: RecordingOptions(connectTimeout: .milliseconds(100))), with: recorder)
    #expect(recorded.ending.how == .unreachable)
    #expect(recorded.ending.stage == .tls)
    #expect(recorded.ending.curlCode == 28)
  }

  @Test("silence before the head, and in the body, is a timeout")
  func timeouts() async throws {
    let options = RecordingOptions(
      firstByteTimeout: .milliseconds(120), idleTimeout: .milliseconds(150))
    let noHead = try await record([.hold], options: options)
    #expect(noHead.ending.how == .timeout)
    #expect(noHead.exchange.head == nil)
    #expect(noHead.ending.at.count >= 119_000)
    #expect(noHead.ending.curlCode == nil)
    let idle = try await record(
      [.send(Self.head), ScriptedServer.chunk("a"), .hold], options: options)
    #expect(idle.ending.how == .timeout)
    #expect(idle.chunks == ["a"])
    let last = try #require(idle.exchange.chunks.last)
    #expect(idle.ending.at.count - last.at.count >= 149_000)
  }

  @Test(
    "what comes in time keeps an idle timeout from firing, a head in pieces no first-byte timeout")
  func activity() async throws {
    let options = RecordingOptions(
      firstByteTimeout: .milliseconds(200), idleTimeout: .milliseconds(300))
    let slow: [ScriptedServer.Step] = (0..<6).flatMap { _ in
      [.wait(milliseconds: 80), ScriptedServer.chunk("x")]
    }
    let lively = try await record(
      [.send(Self.head)] + slow + [.send("0\r\n\r\n")], options: options)
    #expect(lively.ending.how == .complete)
    let pieces: [ScriptedServer.Step] = (0..<5).flatMap { _ in
      [.wait(milliseconds: 80), .send("x: y\r\n")]
    }
    let slowHead = try await record(
      [.send("HTTP/1.1 200 OK\r\n")] + pieces + [.hold], options: options)
    #expect(slowHead.ending.how == .timeout)
    #expect(slowHead.exchange.head == nil)
  }

  @Test("max-time and max-bytes cancel, and the detail names the flag")
  func limits() async throws {
    let time = try await record(
      [.send(Self.head), ScriptedServer.chunk("a"), .hold],
      options: RecordingOptions(maxTime: .milliseconds(150)))
    #expect(time.ending.how == .cancelled)
    #expect(time.ending.detail?.contains("--max-time") == true)
    let bytes = try await record(
      [.send(Self.head), ScriptedServer.chunk("abc"), .pause, ScriptedServer.chunk("defg"), .hold],
      options: RecordingOptions(maxBytes: 5))
    #expect(bytes.ending.how == .cancelled)
    #expect(bytes.ending.detail?.contains("--max-bytes") == true)
    #expect(bytes.body == "abcde")
    let exact = try await record(
      [.send(Self.head), ScriptedServer.chunk("abc"), .send("0\r\n\r\n")],
      options: RecordingOptions(maxBytes: 3))
    #expect(exact.ending.how == .complete)
    let chunks = try await record(
      [.send(Self.head), ScriptedServer.chunk("a"), ScriptedServer.chunk("b"), .hold],
      options: RecordingOptions(maxChunks: 1))
    #expect(chunks.ending.how == .cancelled)
    #expect(chunks.body == "a")
  }

  @Test("cancelling in the middle ends the transfer, and the server sees the client leave")
  func cancel() async throws {
    let recorded = try await record([.send(Self.head), ScriptedServer.chunk("a"), .hold]) {
      event, events in if case .chunk = event { events.cancel() }
    }
    #expect(recorded.ending.how == .cancelled)
    #expect(recorded.chunks == ["a"])
  }

  @Test("cancelling the reading task still brings the ending")
  func cancelTask() async throws {
    let server = try ScriptedServer([.request, .send(Self.head), .hold])
    let (heads, head) = AsyncStream.makeStream(of: Void.self)
    let task = Task { [recorder] in
      try await Recorded(RecordingRequest(url: server.url), with: recorder) { event, _ in
        if case .head = event { head.finish() }
      }
    }
    for await _ in heads {}
    task.cancel()
    let ending = try await task.value.ending
    #expect(ending.how == .cancelled, "\(ending)")
  }

  @Test("shutdown ends what is under way, and what comes later at once")
  func shutdown() async throws {
    let recorder = try StreamRecorder()
    let server = try ScriptedServer([.request, .send(Self.head), .hold])
    let recorded = try await Recorded(RecordingRequest(url: server.url), with: recorder) {
      event, _ in
      if case .head = event { recorder.shutdown() }
    }
    #expect(recorded.ending.how == .cancelled)
    let late = try await Recorded(RecordingRequest(url: server.url), with: recorder)
    #expect(late.ending.how == .cancelled)
  }
}
