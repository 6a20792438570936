import ArgumentParser
import Cassettes
import EventStream
import JSON

/// `tapedeck show`: what is on a cassette.
struct Show: ParsableCommand, EnvironmentConfigurable {
  static let configuration = CommandConfiguration(
    abstract: "Show what is on a cassette.",
    discussion: """
      Without options, one line an exchange. With --events, every event that the
      WHATWG rules dispatch, with the time of the chunk that completed it.

        tapedeck show cassettes/anthropic-text.tape
        tapedeck show cassettes/anthropic-text.tape --events
        tapedeck show cassettes/anthropic-text.tape --json | jq '.exchanges[0].status'
      """)

  static let environmentOptions = ["exchange"] + LimitOptions.names
  static let environmentFlags = ["events", "json"]

  @Argument(help: "The cassette.")
  var file: String

  @Option(help: ArgumentHelp("Only this exchange, counted from 1.", valueName: "n"))
  var exchange: Int?

  @Flag(help: "Show the events.")
  var events = false

  @Flag(help: "Print JSON for machines; with --events, one object a line.")
  var json = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  func run() throws {
    var summaries: [JSONValue] = []
    var rows: [[String]] = []
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    while let (number, exchange) = try walk.next() {
      if events {
        showEvents(of: exchange, number)
      } else if json {
        summaries.append(ExchangeJSON.summary(of: exchange, number: number))
      } else {
        rows.append(Self.row(of: exchange, number))
      }
    }
    guard !events else { return }
    if json {
      let page = JSONValue.object([
        .init("version", .number(1)), .init("exchanges", .array(summaries)),
      ])
      Console.write(page.bytes + [UInt8(ascii: "\n")])
    } else {
      let head = [
        "#", "request", "status", "chunks", "events", "bytes", "first byte", "duration", "ended",
      ]
      TextForm.table([head] + rows, rightAligned: [0, 2, 3, 4, 5, 6, 7]).forEach(Console.print)
    }
  }

  private static func row(of exchange: Exchange, _ number: Int) -> [String] {
    return [
      "\(number)",
      TextForm.excerpt("\(exchange.request.method) \(exchange.request.target)", limit: 60),
      exchange.head.map { "\($0.status)" } ?? "-", TextForm.grouped(exchange.chunks.count),
      TextForm.grouped(ExchangeJSON.events(of: exchange).count),
      TextForm.grouped(exchange.body.count),
      exchange.head.map { TextForm.time($0.at) } ?? "-", TextForm.time(exchange.ending.at),
      exchange.ending.stage.map { "\(exchange.ending.how.rawValue) (\($0.rawValue))" }
        ?? exchange.ending.how.rawValue,
    ]
  }

  private func showEvents(of exchange: Exchange, _ number: Int) {
    let events = ExchangeJSON.events(of: exchange)
    for (index, event) in events.enumerated() {
      if json {
        let line = ExchangeJSON.event(event, number: index + 1, of: exchange, number)
        Console.write(line.bytes + [UInt8(ascii: "\n")])
      } else {
        let type = TextForm.excerpt(event.type, limit: 40)
        let data = TextForm.excerpt(event.data, limit: 120)
        let time = TextForm.time(exchange.chunks[event.chunk].at)
        Console.print("\(number).\(index + 1)  \(time)  \(type)  \(data)")
      }
    }
  }
}
