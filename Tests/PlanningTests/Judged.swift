import Cassettes
import HTTP
import Planning
import Testing

/// A recorded answer, and what must be said of it.
struct Judged: CustomTestStringConvertible, Sendable {
  var name: String
  var target = "/v1/chat/completions"
  var request = #"{"stream":true}"#
  var type: String? = "text/event-stream"
  var body: String
  var text = ""
  var stop: String?
  var isComplete = true
  var outcome = Plan.Expectation.Outcome.benign

  /// A word that must be said; nil where nothing may be.
  var note: String?

  var testDescription: String { name }

  /// The exchange, recorded to its end.
  var exchange: Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e66", at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://api.example.com\(target)", body: Array(request.utf8)),
      head: ResponseHead(
        status: 200, framing: .chunked,
        headers: type.map { [HeaderField("content-type", $0)] } ?? [],
        at: Microseconds(saturating: 1000)),
      ending: Ending(how: .complete, at: Microseconds(saturating: 3000)))
    exchange.append(chunk: Array(body.utf8), at: Microseconds(saturating: 2000))
    return exchange
  }

  /// The data of these events, as an event stream.
  static func stream(_ data: String...) -> String {
    data.map { "data: \($0)\n\n" }.joined()
  }

  /// A chunk of a chat completion with one choice.
  static func chunk(_ delta: String, _ more: String = "") -> String {
    #"{"object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(delta)\#(more)}]}"#
  }

  /// A chunk that ends the choice.
  static func finish(_ reason: String = "stop") -> String {
    chunk("{}", #","finish_reason":"\#(reason)""#)
  }

  /// A chunk with a piece of a tool call.
  static func call(_ piece: String) -> String { chunk(#"{"tool_calls":[\#(piece)]}"#) }

  /// The events of an Anthropic stream: each has the line that its type says.
  static func events(_ data: String...) -> String {
    data.map { data in
      "event: \(data.split(separator: "\"" as Character)[3])\ndata: \(data)\n\n"
    }.joined()
  }

  /// The events of a response, numbered from 0, but for the numbers that are given.
  static func response(_ numbers: [Int]? = nil, _ data: String...) -> String {
    data.enumerated().map { place, data in
      let number = numbers?[place] ?? place
      let type = data.split(separator: "\"" as Character)[3]
      return "event: \(type)\ndata: \(data.dropLast()),\"sequence_number\":\(number)}\n\n"
    }.joined()
  }
}
