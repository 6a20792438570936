import Cassettes
import Deck
import LosslessJSON
import Planning
import Testing

@Suite("The journal's line replays exactly the answer that it stands beside")
struct ReproduceTests {
  /// Two recordings of one request, so that the attempt selects.
  private static let exchanges = ["é", "ü"].enumerated().map { second, letter in
    Exchange.recorded(
      (1...30).map { number in
        let text = letter + String(repeating: "x", count: number)
        return "event: ping\ndata: {\"n\":\(number),\"t\":\"\(text)\"}\n\n"
      }, at: second)
  }

  private static let cases =
    [
      "fault=reset@random", "fault=disconnect@after:event:29;fault=ping@random:event",
      "fault=disconnect@in:random:event", "fault=end@after:random:event,on=1-2",
      "fault=rechunk:random", "fault=rechunk@random", "fault=status:529,on=1",
      "fault=drop@random;fault=bad-utf8@random:event;fault=coalesce:3",
      "pace=like:main", "pace=like:main,jitter:50%",
      "pace=model:ttft=exponential(1ms),gap=lognormal(100us,0.5)", "pace=model:gap=50us",
      "pace=gap:100us,jitter:50%", "pace=recorded", "fault=error:overloaded_error@after:event:3",
      "fault=header:x-a=b%3Bc;fault=stall:1ms@time:15ms", "fault=body:html", "fault=none",
    ] + (0..<12).map { "seed=\($0);fault=chaos:1,from=\(Self.drawn)" }
    + (0..<4).map { "seed=\($0);fault=chaos:0.5,from=\(Self.drawn);fault=comment" }

  /// What chaos draws from: all but what waits for long.
  private static let drawn = [
    "status", "disconnect", "reset", "end", "rechunk", "coalesce", "newline", "split-data", "error",
    "drop", "duplicate", "swap", "unknown", "ping", "bad-json", "cut-json", "bad-utf8",
    "drop-terminal",
  ].joined(separator: "+")

  @Test(
    "with faults, places by chance, chaos, jitter, sessions and the deck's own flags",
    arguments: cases)
  func reproduces(directives: String) async throws {
    let configure: @Sendable (inout DeckConfiguration) throws -> Void = {
      try $0.directives.set("fault=trailing:7B")
      try $0.directives.set("pace=instant")
    }
    try await TestDeck.serve(Self.exchanges, configure) { (port) throws in
      for (number, session) in ["", "session=s;", "session=s;", "", "session=u;"].enumerated() {
        let header = "tapedeck: \(session)\(directives)"
        let first = try ask(port, body: "any", headers: [header])
        let entry = try #require(try journal(port).last)
        let line = try #require(entry["reproduce"]?.text, "\(first.text)")
        #expect(!line.contains("chaos") && !line.contains("random"), "\(line)")
        #expect(line.hasPrefix("cassette=main;exchange=") || line.hasPrefix("session="))
        let again = try ask(port, "/~fault=ping/v1/messages", headers: ["tapedeck: \(line)"])
        #expect(again == first, "request \(number + 1): \(line)")
        #expect(try journal(port).last?["reproduce"]?.text == line)
      }
    }
  }

  @Test("a session is named in it only where chance depends on it")
  func session() async throws {
    try await TestDeck.serve(Self.exchanges) { (port) throws in
      for (directives, isNamed) in [
        ("fault=reset@random", false), ("fault=rechunk:random", true), ("fault=rechunk:5", false),
        ("pace=gap:10us,jitter:5%", true), ("pace=like:main", true), ("pace=model:gap=9us", false),
        ("fault=chaos:1,from=drop+ping", false),
        ("fault=rechunk:random,on=9", false),
      ] {
        _ = try ask(port, headers: ["tapedeck: session=s;\(directives)"])
        let line = try #require(try journal(port).last?["reproduce"]?.text)
        #expect(line.hasPrefix("session=s;") == isNamed, "\(line)")
      }
    }
  }

  @Test("without a session chaos draws for each request anew, and in one the same for an attempt")
  func chaos() async throws {
    let faults = "fault=chaos:1,from=reset+disconnect"
    let bytes = { (session: String) in
      try await TestDeck.serve([Self.exchanges[1]]) { (port) throws in
        try (1...12).map { _ in
          _ = try ask(port, headers: ["tapedeck: \(session)pace=instant;attempt=1;\(faults)"])
          return try #require(try journal(port).last?["bytes"]?.integer)
        }
      }.value
    }
    let unnamed = try await bytes("")
    #expect(Set(unnamed).count > 6)
    // Another deck draws the same for the same ordinals.
    #expect(try await bytes("") == unnamed)
    #expect(Set(try await bytes("session=a;")).count == 1)
  }

  @Test("a thousand resets at one place deliver the same bytes a thousand times, 32 at once")
  func resets() async throws {
    let text = (1...40).map { "data: \(String(repeating: "y", count: $0 * 50))\n\n" }
    try await TestDeck.serve([.recorded(text)]) { (port) throws in
      let target = "/~pace=instant/~fault=reset@byte:20000/v1/messages"
      let results = Gathered<[UInt8]>.all(1000, atOnce: 32) { _ in
        // Small, so that most of the bytes are still in the deck's kernel when the last is written.
        let client = try RawClient(port: port, receiveBufferBytes: 4096)
        client.send(request(target))
        let (bytes, end) = client.readToEnd()
        return end == .reset ? bytes : nil
      }
      #expect(results.count == 1000)
      #expect(Set(results.values).count == 1)
      let entries = try journal(port)
      #expect(entries.count == 1000)
      #expect(entries.allSatisfy { $0["ended"]?.text == "reset" && $0["bytes"]?.integer == 19_999 })
      let body = try #require(results.values.first).split(separator: 0x0D)
      #expect(body.joined().count { $0 == UInt8(ascii: "y") } > 19_000)
    }
  }
}
