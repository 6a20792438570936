import Cassettes
import Deck
import Dialects
import EventStream
import HTTP
import Loading
import Matching
import Planning
import Testing

@testable import Load

/// Whether what came is what was recorded.
struct VerificationTests {
  @Test(arguments: [
    ("one two three", Verification.lost), ("one three four", .lost), ("two three four", .lost),
    ("one two three four five", .changed), ("one two two three four", .doubled),
    ("one two three fourone two three four", .doubled), ("one two tree four", .lost),
    ("one two three fuor", .changed), ("", .lost), ("one xwo three four", .changed),
  ])
  func textsAreCompared(text: String, verification: Verification) {
    let recorded = "one two three four"
    #expect(Verification(of: Array(text.utf8), against: Array(recorded.utf8)) == verification)
  }

  @Test(
    arguments: [
      ("", StreamOutcome.whole, Verification.equal), ("~fault=newline:crlf/", .whole, .equal),
      ("~fault=comment/", .whole, .equal), ("~fault=ping/", .whole, .equal),
      ("~fault=rechunk:7/", .whole, .equal), ("~fault=framing:eof/", .whole, .equal),
      ("~fault=drop@event:5/", .whole, .lost), ("~fault=duplicate@event:5/", .whole, .doubled),
      ("~fault=swap@event:5/", .whole, .changed), ("~fault=disconnect@event:6/", .cut, nil),
      ("~fault=drop-terminal/", .cut, nil), ("~fault=end@event:6/", .cut, nil),
      ("~fault=reset@event:6/", .cut, nil),
      ("~fault=error:overloaded_error@event:6/", .errorEvent, nil),
      ("~fault=status:529/", .status, nil), ("~fault=body:html/", .notAStream, nil),
    ] as [(String, StreamOutcome, Verification?)])
  func faultsOfTheDeckAreSeen(
    directive: String, outcome: StreamOutcome, verification: Verification?
  ) async throws {
    let loaded = try await LoadRunTests.withDeck(.instant) { port in
      var request = LoadRunTests.request()
      request.target = "/\(directive)v1/messages"
      return try await load(port, ListedOrders.every(1, count: 2), [request]) { $0.verifies = true }
    }
    #expect(loaded.records.map(\.outcome) == [outcome, outcome])
    #expect(loaded.records.map(\.verification) == [verification, verification])
  }

  /// Recordings that come with the project, of each dialect.
  private static let recordings = [
    "anthropic-text", "anthropic-multibyte", "anthropic-thinking", "anthropic-tool-use",
    "openai-chat", "openai-responses", "gemini-text",
  ]

  private static func exchanges(_ name: String) throws -> [Exchange] {
    let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try CassetteReader.readAll(
      path: "/\(path)/cassettes/\(name).tape")
  }

  @Test(arguments: recordings)
  func aGlanceSaysWhatReadingSays(name: String) throws {
    for exchange in try Self.exchanges(name) {
      let events = EventIndex(body: exchange.body, chunkEnds: []).events
      let dialect = DialectCatalogue.standard.dialect(
        for: DialectEvidence(of: exchange, events: events))
      #expect(dialect.name != "plain")
      let glance = ContentGlance(dialect)
      var reader = EventRoleReader(dialect)
      var glances = 0
      for event in events {
        let hasContent = reader.take(event).hasContent
        guard let seen = glance.look(at: event) else { continue }
        glances += 1
        #expect(seen == hasContent, "\(event.data)")
      }
      #expect(glances > 0)
      // What is passed over at a glance decides nothing about the end.
      var quick = EventWatch(target: exchange.request.target, dialect: nil, keepsMessage: false)
      let contents = events.filter { quick.take($0) }.count
      var whole = EventWatch(target: exchange.request.target, dialect: nil, keepsMessage: true)
      #expect(contents == events.filter { whole.take($0) }.count)
      let (message, other) = (quick.finish(), whole.finish())
      #expect(message.completeness == other.completeness)
      #expect(message.completeness == .complete)
      #expect(message.outputTokens == other.outputTokens)
      #expect(message.stopReason == other.stopReason)
    }
  }
}
