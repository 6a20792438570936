import Cassettes
import HTTP

/// Recordings for tests of cases: those that come with the project, and some made by hand.
enum Recordings {
  /// The names of the cassettes that come with the project.
  static let shipped = [
    "anthropic-cut", "anthropic-multibyte", "anthropic-overloaded-then-text", "anthropic-text",
    "anthropic-thinking", "anthropic-tool-use", "gemini-text", "openai-chat", "openai-responses",
  ]

  /// The exchanges of a cassette that comes with the project.
  static func exchanges(of name: String) throws -> [Exchange] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    var reader = try CassetteReader(path: "/\(root)/cassettes/\(name).tape")
    var exchanges: [Exchange] = []
    while let exchange = try reader.next() { exchanges.append(exchange) }
    return exchanges
  }

  /// A small stream with all that one needs.
  static let small = exchange(
    body: Array(
      [
        #"{"type":"message_start","message":{"id":"m","content":[]}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é"}}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
        #"{"type":"message_stop"}"#,
      ].map { data in "event: \(data.split(separator: "\"")[2])\ndata: \(data)\n\n" }.joined().utf8)
  )

  /// A recording of one chunk.
  static func exchange(
    _ target: String = "/v1/messages", body: [UInt8], type: String = "text/event-stream",
    status: Int = 200, how: Ending.How = .complete
  ) -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e66", at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://api.example.com\(target)"),
      head: ResponseHead(
        status: status, framing: .chunked, headers: [HeaderField("content-type", type)],
        at: Microseconds(saturating: 1000)),
      ending: Ending(how: how, at: Microseconds(saturating: 100_000)))
    if !body.isEmpty { exchange.append(chunk: body, at: Microseconds(saturating: 2000)) }
    return exchange
  }
}
