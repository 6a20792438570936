import Cassettes
import Deck
import HTTP
import LosslessJSON
import Planning
import Testing

@Suite("The journal says of each request what became of it")
struct JournalTests {
  static let keys = [
    "id", "at", "session", "attempt", "attempt_from", "method", "path", "status", "exchange",
    "match", "miss", "miss_detail", "directives", "faults", "notes", "bytes", "events", "ended",
    "lateness_us", "asked_ms", "waited_ms", "conduct", "reproduce",
  ]
  static let chunks = (1...20).map { "event: a\ndata: {\"n\":\($0),\"text\":\"é\"}\n\n" }

  @Test("an entry has these keys in this order, and says what was asked, found, sent and fired")
  func entry() async throws {
    let exchange = Exchange.recorded(Self.chunks)
    try await TestDeck.serve([exchange]) { (port) throws in
      _ = try ask(
        port, "/~session=t1/~pace=instant/v1/messages",
        headers: ["tapedeck: fault=reset@event:3 ; seed=7"])
      let entries = try journal(port)
      let entry = try #require(entries.first)
      let members = try #require(entry.members)
      #expect(members.map { String(decoding: $0.key, as: UTF8.self) } == Self.keys)
      let at = try #require(entry["at"]?.text)
      #expect(at.utf8.count == 27 && Timestamp.microseconds(rfc3339: at) != nil)
      let bytes = Self.chunks[0].utf8.count * 2
      #expect(
        members.filter { ![Array("at".utf8), Array("lateness_us".utf8)].contains($0.key) }
          .map { String(decoding: $0.value.bytes, as: UTF8.self) } == [
            "1", #""t1""#, "1", #""session""#, #""POST""#, #""/v1/messages""#, "200",
            #"{"cassette":"main","number":1,"id":"9f2c41d07ab35e00"}"#, #""exact""#, "null",
            "null",
            #"["session=t1","pace=instant","fault=reset@event:3 ","seed=7"]"#,
            #"[{"fault":"reset@event:3","byte":\#(bytes + 1)}]"#, "[]", "\(bytes)", "2",
            #""reset""#, "null", "null", #""ok""#,
            #""cassette=main;exchange=1;pace=instant;seed=7;attempt=1;fault=reset@event:3""#,
          ])
      #expect(try #require(entry["lateness_us"]?.integer) >= 0)
    }
  }

  @Test("nothing comes behind any number, however high", arguments: [1, 2, Int.max - 1, Int.max])
  func after(number: Int) async throws {
    try await TestDeck.serve([Exchange.recorded(Self.chunks)]) { (port) throws in
      _ = try ask(port, "/~pace=instant/v1/messages")
      #expect(try journal(port).count == 1)
      #expect(try journal(port, "?after=\(number)").isEmpty)
      #expect(try journal(port, "?after=0").count == 1)
    }
  }

  @Test("a fault at an event does not fire on what is no event stream, and a note says so")
  func unfired() async throws {
    var exchange = Exchange.recorded(["{}"])
    exchange.head?.headers = [HeaderField("content-type", "application/json")]
    let fault = try FaultSpec(parsing: "reset@event:3")
    try await TestDeck.serve([exchange], { $0.directives.faults = [fault] }) { (port) throws in
      _ = try ask(port, "/~pace=instant/v1/messages")
      let entry = try #require(try journal(port).first)
      #expect(entry["faults"]?.bytes == Array("[]".utf8))
      #expect(entry["ended"]?.text == "complete")
      let note = "reset@event:3 did not fire: the recording is not an event stream"
      #expect(entry["notes"]?.bytes == Array("[\"\(note)\"]".utf8))
      // What the request itself asks for is an error where it cannot be.
      _ = try ask(port, "/~fault=drop@type:done/~pace=instant/v1/messages")
      let refused = try #require(try journal(port).last)
      #expect(refused["status"]?.integer == 400)
      #expect(refused["miss"]?.text?.contains("not an event stream") == true)
    }
  }

  @Test(
    "whoever ended an answer is named",
    arguments: [
      ("", "complete"), ("disconnect@byte:50", "disconnect"), ("reset@byte:50", "reset"),
      ("hang@byte:50", "hang"),
    ])
  func endings(fault: String, ended: String) async throws {
    let prefix = fault.isEmpty ? "" : "/~fault=\(fault)"
    let exchange = Exchange.recorded(Self.chunks)
    try await TestDeck.serve([exchange]) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request("\(prefix)/~pace=instant/v1/messages", headers: ["connection: close"]))
      let answer = client.readToEnd(patience: fault.hasPrefix("hang") ? 100 : 5000)
      #expect(!answer.bytes.isEmpty)
      let entry = try #require(try journal(port).first)
      #expect(entry["ended"]?.text == ended)
      #expect(entry["bytes"]?.integer == (fault.isEmpty ? exchange.body.count : 49))
      withExtendedLifetime(client) {}
    }
  }

  @Test("an answer under way has no end, and one that its client or the deck leaves has theirs")
  func leaving() async throws {
    let slow = Exchange.recorded(Array(repeating: "data: x\n\n", count: 5000))
    try await TestDeck.serve([slow]) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request())
      #expect(client.read(until: "data: x\n\n").hasPrefix("HTTP/1.1 200"))
      let running = try #require(try journal(port).first)
      for key in ["ended", "bytes", "events", "lateness_us"] {
        #expect(running[key]?.isNull == true)
      }
      #expect(running["status"]?.integer == 200)
      client.reset()
      let entry = try #require(try settled(port))
      #expect(entry["ended"]?.text == "client")
      let bytes = try #require(entry["bytes"]?.integer)
      #expect(bytes >= 9 && bytes < 45_000 && entry["events"]?.integer == bytes / 9)
    }
  }

  @Test("what a client never took was not sent")
  func unread() async throws {
    let chunk = "data: " + String(repeating: "z", count: 100_000) + "\n\n"
    let large = Exchange.recorded(Array(repeating: chunk, count: 300))
    try await TestDeck.serve([large]) { (port) throws in
      let client = try RawClient(port: port, receiveBufferBytes: 4096)
      client.send(request("/~pace=instant/v1/messages"))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      #expect(try journal(port).first?["ended"]?.isNull == true)
      client.reset()
      let entry = try #require(try settled(port))
      #expect(entry["ended"]?.text == "client")
      #expect(try #require(entry["bytes"]?.integer) < large.body.count)
    }
  }

  @Test("a client that takes nothing is reset when the wait has run out, and the journal says so")
  func unacknowledged() async throws {
    let chunk = "data: " + String(repeating: "z", count: 100_000) + "\n\n"
    let large = Exchange.recorded(Array(repeating: chunk, count: 300), how: .reset)
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.limits.reset = Microseconds(saturating: 100_000)
    }
    try await TestDeck.serve([large], configure) { (port) throws in
      let client = try RawClient(port: port, receiveBufferBytes: 4096)
      client.send(request("/~pace=instant/v1/messages"))
      let entry = try #require(try settled(port))
      #expect(entry["ended"]?.text == "reset-unacknowledged")
      #expect(try #require(entry["bytes"]?.integer) < large.body.count)
      #expect(client.readToEnd().end == .reset)
      #expect(try journal(port).first == entry)
    }
  }

  @Test("a miss, a refusal and what is no request have their entries, and the deck's pages none")
  func refusals() async throws {
    try await TestDeck.serve([.recorded(Self.chunks)]) { (port) throws in
      _ = try control(port, "health")
      _ = try ask(port, "/~session=a/none", body: "x")
      _ = try ask(port, "/~pace=fast/v1/messages")
      let client = try RawClient(port: port)
      client.send("nonsense\r\n\r\n")
      _ = client.readToEnd()
      let entries = try journal(port)
      #expect(entries.compactMap { $0["id"]?.integer } == [1, 2, 3])
      #expect(entries.compactMap { $0["status"]?.integer } == [404, 400, 400])
      for key in ["exchange", "match", "reproduce"] {
        #expect(entries.allSatisfy { $0[key]?.isNull == true })
      }
      #expect(entries[0]["miss"]?.text?.contains("no exchange matches POST /none") == true)
      #expect(entries[1]["miss"]?.text?.contains("'fast' is not a pace") == true)
      #expect(entries[1]["path"]?.text == "/~pace=fast/v1/messages")
      #expect(entries[2]["method"]?.isNull == true)
    }
  }

  @Test("session=, after= and limit= choose entries; what they cannot mean is a 400")
  func filters() async throws {
    try await TestDeck.serve([.recorded(["data: a\n\n"])]) { (port) throws in
      for session in ["a", "b", "t[1]/x", "a"] {
        _ = try ask(port, "/~session=\(session.replacing("/", with: "%2F"))/v1/messages")
      }
      _ = try ask(port)
      let ids = { try journal(port, $0).compactMap { $0["id"]?.integer } }
      #expect(try ids("") == [1, 2, 3, 4, 5])
      #expect(try ids("?session=a") == [1, 4])
      #expect(try ids("?session=t%5B1%5D/x") == [3])
      #expect(try ids("?session=none") == [])
      #expect(try ids("?after=3") == [4, 5])
      #expect(try ids("?after=1&limit=2") == [2, 3])
      #expect(try ids("?limit=2") == [4, 5])
      #expect(try ids("?session=a&limit=1") == [4])
      #expect(try ids("?after=99") == [])
      for query in ["session=a%20b", "after=-1", "limit=x", "session="] {
        #expect(try control(port, "api/journal?\(query)").status == "400")
      }
    }
  }

  @Test("the oldest entries make room, by number and by bytes, and ids go on")
  func bounded() async throws {
    for (entries, bytes, kept) in [(3, 1 << 20, [8, 9, 10]), (100, 1, []), (100, 1200, [9, 10])] {
      let configure: @Sendable (inout DeckConfiguration) -> Void = {
        $0.limits.journalEntries = entries
        $0.limits.journalBytes = bytes
      }
      try await TestDeck.serve([.recorded(["data: a\n\n"])], configure) { (port) throws in
        for _ in 1...10 { #expect(try ask(port).text.hasPrefix("HTTP/1.1 200")) }
        #expect(try journal(port).compactMap { $0["id"]?.integer } == kept)
        #expect(try control(port, "metrics").body.contains("answers_total{ended=\"complete\"} 10"))
      }
    }
  }

  @Test("nothing that authenticates can be read in the journal")
  func redaction() async throws {
    let key = "sk-ant-api03-" + String(repeating: "Ab1", count: 30)
    try await TestDeck.serve([.recorded(["data: a\n\n"])]) { (port) throws in
      _ = try ask(
        port, "/v1/messages?key=verysecret&x=\(key)", headers: ["authorization: Bearer \(key)"])
      _ = try ask(port, "/~cassette=\(key)/v1/messages")
      _ = try ask(port, headers: ["tapedeck: fault=error:\(key)"])
      _ = try ask(port, headers: ["tapedeck: pace=\(key)"])
      _ = try ask(port, "/~session=\(key.prefix(100))/v1/messages")
      let text = try control(port, "api/journal").body
      #expect(text.contains("/v1/messages?key=**********&x=***"))
      #expect(!text.contains("Ab1Ab1") && !text.contains("verysecret"))
    }
  }

  /// The first entry, once its answer has ended: the deck notices a little later that a client is
  /// gone.
  private func settled(_ port: Int) throws -> JSONValue? {
    let deadline = ContinuousClock.now + .seconds(10 * RawClient.slowness)
    while ContinuousClock.now < deadline {
      if let entry = try journal(port).first, entry["ended"]?.isNull == false { return entry }
    }
    return nil
  }
}
