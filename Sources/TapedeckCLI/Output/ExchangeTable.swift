import Cassettes
import Dialects
import EventStream
import Planning

/// The exchanges of a cassette for a person: one line each.
struct ExchangeTable {
  private var table = Table(
    headings: [
      "#", "request", "status", "chunks", "events", "bytes", "first byte", "duration", "ended",
      "dialect", "message",
    ], rightAligned: [0, 2, 3, 4, 5, 6, 7], leading: 2)

  /// The lines on a terminal, the headings first.
  func lines(on terminal: Terminal) -> [String] { table.lines(on: terminal) }

  /// Adds the line of one exchange.
  mutating func add(_ exchange: Exchange, _ number: Int) {
    let events = EventIndex.count(of: exchange.body)
    let message = ExchangeMessage(of: exchange)
    table.rows.append([
      "\(number)",
      .init(TextForm.excerpt("\(exchange.request.method) \(exchange.request.target)", limit: 60)),
      Self.status(of: exchange), .init(TextForm.grouped(exchange.chunks.count)),
      .init(TextForm.grouped(events)), .init(TextForm.grouped(exchange.body.count)),
      .init(exchange.head.map { TextForm.time($0.at) } ?? "-"),
      .init(TextForm.time(exchange.ending.at)), Self.ending(of: exchange),
      .init(message.dialect.name), Self.state(of: message),
    ])
  }

  private static func status(of exchange: Exchange) -> Table.Cell {
    guard let status = exchange.head?.status else { return "-" }
    return Table.Cell("\(status)", status < 400 ? nil : .yellow)
  }

  private static func ending(of exchange: Exchange) -> Table.Cell {
    let how = exchange.ending.how
    let stage = exchange.ending.stage.map { " (\($0.rawValue))" } ?? ""
    return Table.Cell(how.rawValue + stage, how == .complete ? nil : .red)
  }

  /// Why the model stopped, or that the message is not whole.
  private static func state(of message: ExchangeMessage) -> Table.Cell {
    guard message.completeness == .complete else { return Table.Cell("incomplete", .red) }
    return Table.Cell(TextForm.excerpt(message.accumulator.stopReason ?? "whole", limit: 40))
  }
}
