import Cassettes
import Deck
import LosslessJSON
import Synchronization
import Testing

@Suite("A client that closes has left, and one that speaks another protocol is told to go")
struct LeavingTests {
  /// A stream whose second half comes after a minute.
  static let slow = "/~fault=stall:60s@event:2/v1/messages"

  static let one = [Exchange.recorded(["data: a\n\n", "data: b\n\n"])]

  private static func ends(_ port: Int) throws -> [String?] {
    try journal(port).map { $0["ended"]?.text }
  }

  private static func untilEnded(_ port: Int) throws -> String? {
    for _ in 1...1000 {
      if let end = try ends(port).first ?? nil { return end }
    }
    return nil
  }

  @Test("FIN in an answer ends it at once", arguments: [[], ["connection: close"]])
  func fin(fields: [String]) async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request(Self.slow, headers: fields))
      _ = client.read(until: "data: a\n\n\r\n")
      client.finish()
      #expect(client.readToEnd().end == .closed)
      #expect(try Self.untilEnded(port) == "client")
      let bytes = try journal(port).first?["bytes"]?.bytes ?? []
      #expect(String(decoding: bytes, as: UTF8.self) == "9")
    }
  }

  @Test("FIN behind the request ends an answer that is not over at once, and spares one that is")
  func finBehindRequest() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      for (target, whole) in [(Self.slow, false), ("/~pace=instant/v1/messages", true)] {
        let client = try RawClient(port: port)
        client.send(request(target))
        client.finish()
        let text = String(decoding: client.readToEnd().bytes, as: UTF8.self)
        #expect(text.hasSuffix("data: b\n\n\r\n0\r\n\r\n") == whole)
      }
    }
  }

  @Test("where clients are said to half-close, they get their answer")
  func kept() async throws {
    try await TestDeck.serve(Self.one, { $0.keepsHalfClosed = true }) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request("/~fault=stall:100ms@event:2/v1/messages"))
      client.finish()
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("data: b\n\n\r\n0\r\n\r\n"))
      #expect(end == .closed)
      #expect(try Self.untilEnded(port) == "complete")
    }
  }

  @Test("a silent answer ends with its client, and the journal says so")
  func hang() async throws {
    try await TestDeck.serve(Self.one, { $0.limits.connections = 1 }) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request("/~fault=hang@event:2/v1/messages"))
      _ = client.read(until: "data: a\n\n\r\n")
      client.finish()
      #expect(client.readToEnd().end == .closed)
      #expect(try isAnswered(port))
      #expect(try Self.untilEnded(port) == "client")
    }
  }

  @Test(
    "TLS and HTTP/2 on the plain port are closed at once, said once, and in the journal",
    arguments: [
      ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "a client spoke TLS: use http://"),
      ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "a client spoke HTTP/2: use "),
    ])
  func foreignProtocols(hello: String, message: String) async throws {
    let said = Said()
    let (_, report) = try await TestDeck.serve(Self.one, { $0.onWarning = { said.add($0) } }) {
      (port) throws in
      for _ in 1...2 {
        let client = try RawClient(port: port)
        client.send(hello)
        let (bytes, end) = client.readToEnd()
        #expect(bytes.isEmpty && end == .closed)
      }
      let entries = try journal(port)
      #expect(entries.count == 2)
      for entry in entries {
        #expect(entry["miss"]?.text?.hasPrefix(message) == true)
        #expect(entry["ended"]?.text == "disconnect" && entry["method"] == .null)
      }
      #expect(try ask(port).text.hasPrefix("HTTP/1.1 200"))
    }
    #expect(report.counts.refused == 2)
    for _ in 1...10_000 where said.all.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    #expect(said.all.count == 1 && said.all[0].hasPrefix(message))
  }

  @Test("what no request begins with is refused without waiting for a line")
  func garbage() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send("\u{0}\u{1}\u{2}")
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 400"))
      #expect(end == .closed)
    }
  }
}

/// What a deck has said.
private final class Said: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}
