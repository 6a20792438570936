import Cassettes
import Deck
import HTTP
import Load
import Loading
import Matching
import Planning
import Testing

/// The generator against a real deck.
struct LoadRunTests {
  private static let request = Array(#"{"model":"m","stream":true,"max_tokens":9}"#.utf8)

  /// A message of Anthropic's whose words come 5 ms apart, the first at 20 ms.
  static let exchange: Exchange = {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e00", at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://api.example.com/v1/messages", body: request),
      head: ResponseHead(
        status: 200, headers: [HeaderField("content-type", "text/event-stream")],
        at: Microseconds(saturating: 10_000)),
      ending: Ending(how: .complete, at: Microseconds(saturating: 60_000)))
    let events = [
      (
        "message_start",
        #"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}"#
      ),
      (
        "content_block_start",
        #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
      ),
      ("ping", #"{"type":"ping"}"#),
      (
        "content_block_delta",
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"#
      ),
      (
        "content_block_delta",
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" there"}}"#
      ),
      (
        "content_block_delta",
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" you"}}"#
      ),
      ("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
      (
        "message_delta",
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":7}}"#
      ),
      ("message_stop", #"{"type":"message_stop"}"#),
    ]
    for (index, event) in events.enumerated() {
      exchange.append(
        chunk: Array("event: \(event.0)\ndata: \(event.1)\n\n".utf8),
        at: Microseconds(saturating: 10_000 + 5000 * Int64(index)))
    }
    return exchange
  }()

  static func request(withExchange: Bool = true) -> LoadRequest {
    LoadRequest(
      method: "POST", target: "/v1/messages",
      headers: [HeaderField("content-type", "application/json")], body: request,
      exchange: withExchange ? exchange : nil, exchangeNumber: withExchange ? 1 : 0)
  }

  static func withDeck<Value>(
    _ pace: Pace = .recorded, _ body: (Int) async throws -> Value
  ) async throws -> Value {
    var configuration = DeckConfiguration()
    configuration.threads = 1
    configuration.directives.pace = pace
    var library = Library(comparing: Comparison())
    library.add(cassette: "main", [exchange])
    return try await Deck.withDeck(configuration, library) { try await body($0.port) }
  }

  @Test(arguments: [true, false])
  func anOpenLoopMeasuresWhatTheDeckPlays(knowsTheRecording: Bool) async throws {
    let loaded = try await Self.withDeck { port in
      try await load(
        port, ListedOrders.every(5, count: 20), [Self.request(withExchange: knowsTheRecording)]
      ) {
        $0.verifies = true
        $0.pace = .recorded
      }
    }
    #expect(loaded.records.count == 20)
    for record in loaded.records {
      #expect(record.outcome == .whole)
      #expect(record.detail == nil)
      #expect(record.status == 200)
      #expect(record.events == 9)
      #expect(record.contentEvents == 3)
      #expect(record.bytes == Self.exchange.body.count)
      #expect(record.outputTokens == 7)
      #expect(record.verification == (knowsTheRecording ? .equal : nil))
      #expect((record.latest != nil) == knowsTheRecording)
      let sent = try #require(record.sent)
      let due = try #require(record.order.due)
      #expect(record.scheduled == due)
      #expect(record.dispatched >= due)
      #expect(sent >= record.dispatched)
      // Nothing is sent early: the first word stands at 25 ms.
      #expect(try #require(record.firstContent) - sent >= 25_000_000)
      #expect(try #require(record.secondContent) - sent >= 30_000_000)
      #expect(try #require(record.firstByte) - sent >= 10_000_000)
      #expect(record.end - sent >= 60_000_000)
    }
    #expect(loaded.progress.last?.ended == 20)
    #expect(loaded.progress.last?.inFlight == 0)
  }

  @Test func aClosedLoopHasSoManyUnderWayAndNoMore() async throws {
    let loaded = try await Self.withDeck(.instant) { port in
      try await load(port, ListedOrders.closed(4, count: 40), [Self.request()])
    }
    #expect(loaded.records.map(\.outcome) == Array(repeating: .whole, count: 40))
    for record in loaded.records {
      let under = loaded.records.filter {
        $0.scheduled <= record.scheduled && record.scheduled < $0.end
      }
      #expect(under.count <= 4)
    }
  }
}
