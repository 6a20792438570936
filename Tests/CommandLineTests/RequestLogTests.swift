import Cassettes
import Redaction
import Testing

@testable import Deck
@testable import TapedeckCLI

@Suite("The line of a request on a terminal")
struct RequestLogTests {
  private static func request(
    _ path: String, session: String? = nil, refusal: String? = nil
  ) throws -> ServedRequest {
    var entry = JournalEntry(at: 0, method: "POST")
    (entry.target, entry.session, entry.status, entry.refusal) = (path, session, 404, refusal)
    entry.delivery = JournalEntry.Delivery(
      bytes: 1234, events: 2, ended: .complete, latenessNanoseconds: 0)
    return try #require(ServedRequest(entry, by: RedactionRules()))
  }

  private static func line(
    _ request: ServedRequest, columns: Int, hasColor: Bool = false
  ) -> String {
    RequestLog(terminal: Terminal(columns: columns, hasColor: hasColor)).line(request)
  }

  @Test("says what was asked and what came of it")
  func whole() throws {
    let request = try Self.request("/v1/messages", session: "t1", refusal: "no exchange matches")
    #expect(
      Self.line(request, columns: 100)
        == "POST /v1/messages 404 t1 1,234 B 2 events complete no exchange matches")
    #expect(
      Self.line(request, columns: 100, hasColor: true)
        == "POST /v1/messages \u{1B}[31m404\u{1B}[0m t1 \u{1B}[2m1,234 B\u{1B}[0m "
        + "\u{1B}[2m2 events\u{1B}[0m \u{1B}[2mcomplete\u{1B}[0m "
        + "\u{1B}[31mno exchange matches\u{1B}[0m")
  }

  @Test(
    "is never wider than the terminal, whatever it holds", arguments: [20, 40, 41, 60, 80, 81],
    [
      "/v1/" + String(repeating: "a", count: 200), "/v1/" + String(repeating: "語", count: 200),
      "/v1/" + String(repeating: "\u{1B}[2J", count: 50), "/x",
    ])
  func narrow(columns: Int, path: String) throws {
    let request = try Self.request(
      path, session: String(repeating: "会", count: 8), refusal: "日本語 " + path)
    let line = Self.line(request, columns: columns)
    #expect(TextWidth.of(line) < columns, "\(line)")
    #expect(!line.contains("\u{1B}"))
    #expect(line.hasPrefix("POST /"))
  }
}
