import Cassettes
import Dialects
import Planning

/// The exchanges of a cassette for a person: one line each.
struct ExchangeTable {
  private var rows = [
    [
      "#", "request", "status", "chunks", "events", "bytes", "first byte", "duration", "ended",
      "dialect", "message",
    ]
  ]

  /// The lines, the headings first.
  var lines: [String] { TextForm.table(rows, rightAligned: [0, 2, 3, 4, 5, 6, 7]) }

  /// Adds the line of one exchange.
  mutating func add(_ exchange: Exchange, _ number: Int) {
    let events = ExchangeJSON.events(of: exchange)
    let message = ExchangeMessage(of: exchange, events: events)
    rows.append([
      "\(number)",
      TextForm.excerpt("\(exchange.request.method) \(exchange.request.target)", limit: 60),
      exchange.head.map { "\($0.status)" } ?? "-", TextForm.grouped(exchange.chunks.count),
      TextForm.grouped(events.count), TextForm.grouped(exchange.body.count),
      exchange.head.map { TextForm.time($0.at) } ?? "-", TextForm.time(exchange.ending.at),
      exchange.ending.stage.map { "\(exchange.ending.how.rawValue) (\($0.rawValue))" }
        ?? exchange.ending.how.rawValue,
      message.dialect.name, Self.state(of: message),
    ])
  }

  /// Why the model stopped, or that the message is not whole.
  private static func state(of message: ExchangeMessage) -> String {
    guard message.completeness == .complete else { return "not whole" }
    return TextForm.excerpt(message.accumulator.stopReason ?? "whole", limit: 40)
  }
}
