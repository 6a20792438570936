import Cassettes
import HTTP
import Recorder
import Testing

@Suite(
  "A recording over TLS", .timeLimit(.minutes(1)),
  .enabled(if: SecureServer.isAvailable, "needs the programs openssl and python3"))
struct SecureTests {
  private func record(
    _ path: String, http2: Bool, method: String = "GET", trusted: Bool = true,
    insecure: Bool = false
  ) async throws -> Recorded {
    let server = try SecureServer.shared.get()
    let options = RecordingOptions(
      caFile: trusted ? server.certificate : nil, insecure: insecure, http2: http2)
    let recorder = try StreamRecorder()
    return try await Recorded(
      RecordingRequest(url: server.url(path), method: method, options: options), with: recorder
    ) { event, _ in if case .chunk = event { server.proceed((http2 ? "2" : "") + path) } }
  }

  @Test("verifies the certificate unless it is told not to")
  func certificates() async throws {
    let untrusted = try await record("/well", http2: false, trusted: false)
    #expect(untrusted.ending.how == .unreachable)
    #expect(untrusted.ending.stage == .tls)
    #expect(untrusted.ending.curlCode == 60)
    let insecure = try await record("/well", http2: false, trusted: false, insecure: true)
    #expect(insecure.ending.how == .complete, "\(insecure.ending)")
    #expect(insecure.exchange.head?.http == "1.1")
  }

  @Test(
    "tells the endings of HTTP/1.1 apart",
    arguments: [
      ("/well", .complete), ("/close-notify", .truncated), ("/cut", .truncated),
      ("/reset", .reset), ("/eof", .complete),
    ] as [(String, Ending.How)])
  func endings(path: String, how: Ending.How) async throws {
    let recorded = try await record(path, http2: false)
    #expect(recorded.ending.how == how, "\(recorded.ending)")
    #expect(recorded.body == "hello")
  }

  @Test(
    "tells the endings of HTTP/2 apart",
    arguments: [
      ("/well", .complete), ("/trailers", .complete), ("/reset", .reset), ("/cut", .truncated),
      ("/goaway", .malformed), ("/quiet", .truncated), ("/padding", .malformed),
      ("/oversized", .malformed), ("/garbage", .malformed), ("/push", .malformed),
    ] as [(String, Ending.How)])
  func secondVersion(path: String, how: Ending.How) async throws {
    let recorded = try await record(path, http2: true)
    #expect(recorded.ending.how == how, "\(recorded.ending)")
    #expect(recorded.exchange.head?.http == "2")
    #expect(recorded.exchange.head?.framing == .h2)
    #expect(recorded.exchange.head?.headers.value(of: "content-type") == "text/event-stream")
    #expect(recorded.body == "data: a\n\ndata: b\n\ncd")
    #expect(recorded.chunks.starts(with: ["data: a\n\n", "data: b\n\n"]), "\(recorded.chunks)")
    let times = recorded.exchange.chunks.map(\.at.count)
    #expect(times[1] - times[0] >= 49_000)
    let trailers = path == "/trailers" ? [HeaderField("x-sum", "1")] : nil
    #expect(recorded.exchange.trailers?.fields == trailers)
    #expect(recorded.exchange.request.headers.contains { $0.isNamed("user-agent") })
  }

  @Test("a stream that is reset before its head is unreachable")
  func refused() async throws {
    let recorded = try await record("/refused", http2: true)
    #expect(recorded.ending.how == .unreachable)
    #expect(recorded.ending.stage == .request)
  }

  @Test(
    "a request that the server says it has not looked at is sent again", .serialized,
    arguments: ["POST", "GET"])
  func unprocessed(method: String) async throws {
    let recorded = try await record("/again", http2: true, method: method)
    #expect(recorded.ending.how == .complete, "\(recorded.ending)")
    #expect(recorded.body == "data: a\n\ndata: b\n\ncd")
  }

  @Test("a request that the server may have looked at is not, where it may not be repeated")
  func processed() async throws {
    let recorded = try await record("/left", http2: true, method: "POST")
    #expect(recorded.ending.how == .unreachable, "\(recorded.ending)")
  }
}
