import Cassettes
import HTTP

@testable import Comparing

/// Exchanges to compare.
enum Samples {
  /// The events of a short answer of Anthropic's, with what tests change.
  static func events(
    text: [String] = ["Hel", "lo"], id: String = "msg_1", model: String = "m-1", tokens: Int = 2,
    extra: String = ""
  ) -> [String] {
    [
      #"{"type":"message_start","message":{"id":"\#(id)","type":"message","role":"assistant","#
        + #""model":"\#(model)","content":[],"stop_reason":null,"usage":{"input_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
    ]
      + text.map {
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#($0)"}\#(extra)}"#
      } + [
        #"{"type":"content_block_stop","index":0}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":\#(tokens)}}"#,
        #"{"type":"message_stop"}"#,
      ]
  }

  /// An answer of such events, one a chunk, a fixed time apart.
  static func exchange(
    _ events: [String] = events(), gapUs: Int64 = 10_000, status: Int = 200,
    headers: [HeaderField] = [], body: String = #"{"model":"m-1","stream":true}"#,
    path: String = "/v1/messages", how: Ending.How = .complete
  ) -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "1", at: "2026-01-01T00:00:00Z", method: "POST", url: "https://api.example.com\(path)",
        headers: [HeaderField("content-type", "application/json")], body: Array(body.utf8)),
      head: ResponseHead(
        status: status,
        headers: [HeaderField("content-type", "text/event-stream")] + headers),
      ending: Ending(how: how))
    var time = Microseconds.zero
    for event in events {
      time = time + Microseconds(saturating: gapUs)
      let type = event.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
      exchange.append(chunk: "event: \(type)\ndata: \(event)\n\n".utf8, at: time)
    }
    exchange.ending.at = time
    return exchange
  }

  /// The differences, a line each: `kind place`.
  static func differences(
    _ was: Exchange, _ now: Exchange, by rules: DiffRules = DiffRules()
  ) -> [String] {
    ExchangeComparison(ExchangeReading(of: was), ExchangeReading(of: now), by: rules)
      .differences.map { "\($0.kind.rawValue) \($0.place)" }
  }
}
