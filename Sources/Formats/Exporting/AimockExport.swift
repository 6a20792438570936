package import Cassettes
internal import Dialects
internal import Documents
internal import EventStream
internal import HTTP
internal import LosslessJSON
internal import Planning

/// The fixtures of aimock: what the model said, and with which pauses.
package struct AimockExport: ExportFormat {
  package let name = "aimock"
  package let title = "aimock fixtures"
  package let fileExtension = "json"

  /// Creates the format.
  package init() {}

  package func refusal(of exchange: Exchange) -> String? {
    guard let head = exchange.head else { return "no answer came" }
    if head.status >= 400 { return nil }
    let says = ExchangeMessage(of: exchange).accumulator.content.contains {
      [.text, .thinking, .toolCall].contains($0.kind)
    }
    return says ? nil : "its answer is no stream of text or tool calls"
  }

  package func capture(of exchange: Exchange) -> Capture? {
    try? AimockFixture(Node(Self.fixture(of: exchange))).capture()
  }

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter { Writer() }

  private struct Writer: ExportWriter {
    private var isFirst = true
    /// How often the same was asked.
    private var asked: [[UInt8]: Int] = [:]

    mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      var fixture = AimockExport.fixture(of: exchange)
      let match = fixture["match"]?.bytes ?? []
      let index = asked[match, default: 0]
      asked[match] = index + 1
      // The first answers a request of its own too: only what follows needs a number.
      if index > 0 { fixture.update("match") { $0.set("sequenceIndex", to: .number(index)) } }
      try sink((isFirst ? Self.front : Array(",\n".utf8)) + fixture.bytes)
      isFirst = false
    }

    mutating func finish(to sink: ByteSink) throws {
      try sink((isFirst ? Self.front : []) + Array("\n]}\n".utf8))
    }

    private static let front = Array("{\"fixtures\":[\n".utf8)
  }

  /// The fixture of an exchange.
  private static func fixture(of exchange: Exchange) -> JSONValue {
    let question = AskedQuestion(exchange.request)
    var match: [JSONValue.Member] = []
    if let text = question.userMessage { match.append(.init("userMessage", text: text)) }
    if let model = question.model { match.append(.init("model", text: model)) }
    match.append(.init("endpoint", text: "chat"))
    let front = JSONValue.Member("match", .object(match))
    if let head = exchange.head, head.status >= 400 {
      return .object([front, .init("response", error(of: exchange, head))])
    }
    let message = ExchangeMessage(of: exchange)
    return .object([
      front, .init("response", .object(response(message))),
      .init("recordedTimings", timings(of: exchange)),
    ])
  }

  private static func error(of exchange: Exchange, _ head: ResponseHead) -> JSONValue {
    let body = try? JSONValue(parsing: exchange.body, nesting: 512)
    let error = body?[last: "error"] ?? body ?? .null
    var members: [JSONValue.Member] = [
      .init("message", .string(error[last: "message"]?.stringBytes ?? exchange.body))
    ]
    for key in ["type", "code"] {
      if let text = error[last: key]?.stringBytes { members.append(.init(key, .string(text))) }
    }
    var response: [JSONValue.Member] = [
      .init("error", .object(members)), .init("status", .number(head.status)),
    ]
    if let seconds = head.headers.value(of: "retry-after").flatMap({ Int($0) }) {
      response.append(.init("retryAfter", .number(seconds)))
    }
    return .object(response)
  }

  private static func response(_ message: ExchangeMessage) -> [JSONValue.Member] {
    let parts = message.accumulator.content.filter { $0.choice == 0 }
    var members = AimockParts(parts).members
    let whole = message.accumulator.message
    for key in ["id", "model"] {
      if let text = whole?[last: key]?.stringBytes { members.append(.init(key, .string(text))) }
    }
    if let reason = message.accumulator.stopReason {
      members.append(.init("finishReason", text: Self.finish(reason)))
    }
    if case .object(let usage)? = message.accumulator.usage {
      // Only its counts may stand there.
      let counts = usage.filter { if case .number = $0.value { true } else { false } }
      if !counts.isEmpty { members.append(.init("usage", .object(counts))) }
    }
    return members
  }

  /// Why a model stopped, in the word of OpenAI's chat completions, which aimock translates.
  private static func finish(_ reason: String) -> String {
    switch reason {
    case "end_turn", "stop_sequence", "STOP", "completed": "stop"
    case "max_tokens", "MAX_TOKENS", "max_output_tokens", "incomplete": "length"
    case "tool_use": "tool_calls"
    case "refusal", "SAFETY": "content_filter"
    default: reason
    }
  }

  /// Whole milliseconds from the request to the first event and between the others, which add up.
  private static func timings(of exchange: Exchange) -> JSONValue {
    let events = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end)).events
    let times = events.map { (exchange.chunks[$0.chunk].at.count + 500) / 1000 }
    let gaps = zip(times.dropFirst(), times).map { JSONValue.number($0 - $1) }
    let end = (exchange.ending.at.count + 500) / 1000
    return .object([
      .init("ttftMs", .number(times.first ?? end)), .init("interChunkDelaysMs", .array(gaps)),
      .init("totalDurationMs", .number(end)),
    ])
  }
}
