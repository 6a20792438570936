import Cassettes
import Foundation
import Planning
import Testing

@testable import Deck
@testable import Matching

@Suite("At its end a deck can be asked what was not as it should be")
struct DeckFailureTests {
  private static let exchanges = [
    Exchange.recorded(["data: a\n\n"], body: "1"), .recorded(["data: b\n\n"], body: "2", at: 1),
    .recorded(["data: c\n\n"], target: "/other", body: "3", at: 2),
  ]

  @Test("each kind has a line with its number, and below it what it was")
  func lists() async throws {
    let (_, report) = try await TestDeck.serve(Self.exchanges) { (port) throws in
      _ = try ask(port, body: "2")
      for _ in 1...2 { _ = try ask(port, "/~session=s/other", body: "x") }
      _ = try ask(port, "/missing")
      // What a fault makes up plays nothing.
      _ = try ask(port, "/~fault=status:529/v1/messages", body: "1")
    }
    let all = report.failures(of: [.miss, .loose, .unplayed])
    try #require(all.count == 6)
    #expect(all[0] == "1 request matched no exchange:")
    #expect(all[1].hasPrefix("  no exchange matches POST /missing: nearest is "))
    #expect(all[2] == "2 requests answered by an exchange with another body:")
    #expect(all[3] == "  session s: POST /other was answered by exchange 3 of main (2 times)")
    #expect(all[4] == "1 exchange was not played:")
    #expect(all[5] == "  exchange 1 of main")
    #expect(report.failures(of: []).isEmpty)
    #expect(report.failures(of: [.unplayed]) == Array(all[4...]))
  }

  @Test("what was refused, what never fired and what is lost are told with their sessions")
  func quiet() async throws {
    let cassette = FileManager.default.temporaryDirectory
      .appendingPathComponent("no-folder-\(UUID().uuidString)/t.tape").path
    let (_, report) = try await TestDeck.serve(
      Self.exchanges,
      {
        $0.directives.faults = [try FaultSpec(parsing: "reset@event:1,on=3")]
        $0.forwarding.target = .file(cassette)
        $0.forwarding.mode = .record
        try $0.forwarding.upstreams.add(parsing: "http://127.0.0.1:1")
      }
    ) { (port) throws in
      for _ in 1...2 { _ = try ask(port, "/~session=s/~fault=none-such/v1/messages", body: "1") }
      _ = try ask(port, "/~session=s/~fault=reset@event:1,on=2/~exchange=1/v1/messages", body: "1")
      _ = try ask(port, "/~exchange=1/v1/messages", body: "1")
      _ = try ask(port, "/v1/messages", body: "9")
    }
    let all = report.failures(of: [.refused, .unfired, .lost])
    try #require(all.count == 7, "\(all)")
    #expect(all[0] == "2 requests were refused for wrong directives:")
    #expect(all[1].hasPrefix("  session s: ") && all[1].hasSuffix(" (2 times)"))
    #expect(all[2] == "2 faults never fired:")
    #expect(all[3] == "  reset@event:1,on=3: the answer came from upstream")
    #expect(all[4] == "  session s: reset@event:1,on=2: the last request was attempt 1")
    #expect(all[5] == "1 recording is lost:")
    #expect(all[6].hasPrefix("  POST /v1/messages was not recorded: "))
  }

  @Test("of many the first 20 are listed, and the others counted")
  func bounded() async throws {
    let exchanges = (0..<30).map { Exchange.recorded([""], target: "/\($0)") }
    let (_, report) = try await TestDeck.serve(exchanges) { (port) throws in
      for index in 0..<25 { _ = try ask(port, "/none/\(index)") }
    }
    let lines = report.failures(of: [.miss, .unplayed])
    try #require(lines.count == 44)
    #expect(lines[0] == "25 requests matched no exchange:")
    #expect(lines[21] == "  and 5 more")
    #expect(lines[43] == "  and 10 more")
  }

  @Test("what this deck recorded counts as played, and identities are told apart")
  func recorded() {
    let shelf = Shelf(Library())
    shelf.replace(cassette: "/t/a.tape", named: "a", with: Array(Self.exchanges.prefix(2)))
    _ = shelf.add(Self.exchanges[2], cassette: "a", path: "/t/a.tape", session: "")
    var tally = DeckTally()
    tally.note(1, isPlayed: true, loose: nil)
    tally.note(200, isPlayed: true, loose: nil)
    tally.note(0, isPlayed: false, loose: nil)
    var report = DeckReport()
    report.take(tally, shelf.library)
    #expect(report.unplayed == ["exchange 1 of a"])
    let found = [0, 1, 63, 199, 200, 201].filter { tally.played.contains($0) }
    #expect(found == [1, 200])
  }
}
