import ArgumentParser
import Cassettes
import Dialects
import EventStream
import LosslessJSON
import Planning
import Reports

/// `tapedeck show`: what is on a cassette.
struct Show: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what is in a cassette.",
    discussion: """
      Without options, one line for each exchange. With --events, every event \
      that the WHATWG rules dispatch, with the time of the chunk that completed it. \
      With --message, the final message as the provider's own SDK builds it, one \
      line of JSON for each exchange; with --text, only what the model wrote. \
      --html writes a page that shows when what arrived, and --svg one exchange as \
      a picture; a file that exists is replaced, and - is standard output.

      --textconv is for git: what two recordings can differ in, without times, so \
      that 'git diff' shows requests, events and endings. With a line \
      '*.tape diff=tapedeck' in .gitattributes, say once in each clone:

        git config diff.tapedeck.textconv 'tapedeck show --textconv'

        tapedeck show cassettes/anthropic-text.tape
        tapedeck show cassettes/anthropic-text.tape --events
        tapedeck show cassettes/anthropic-text.tape --message | jq .usage
        tapedeck show cassettes/anthropic-text.tape --json | jq '.exchanges[0].status'
        tapedeck show cassettes/anthropic-text.tape --html stream.html
      """)

  static let settableOptions = ["exchange", "html", "svg"] + LimitOptions.names
  static let settableFlags = ["events", "message", "text", "textconv", "json"]

  /// How many things that were wrong with the events are said to a person.
  private static let shownProblems = 5

  /// What is shown of the exchanges.
  enum View: EnumerableFlag {
    case events, message, text, textconv

    static func help(for view: View) -> ArgumentHelp? {
      switch view {
      case .events: "Show the events."
      case .message: "Show the final message, as JSON."
      case .text: "Show only the text of the message."
      case .textconv: "Show all but times, for 'git diff'."
      }
    }
  }

  @Argument(help: "The cassette.", completion: .cassette)
  var file: String

  @Option(help: ArgumentHelp("Only this exchange, counted from 1.", valueName: "n"))
  var exchange: Int?

  @Flag(exclusivity: .chooseLast)
  var view: View?

  @Flag(help: "Print JSON for machines; with --events, one object per line.")
  var json = false

  @Option(
    help: ArgumentHelp("Write a page of the streams to this file.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Option(
    help: ArgumentHelp("Write a picture of one exchange to this file.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func validate() throws {
    guard view != .text || !json else {
      throw ValidationError("--text prints text: leave out --json, or ask for --message")
    }
    guard view != .textconv || !json else {
      throw ValidationError("--textconv prints text: leave out --json")
    }
    guard html == nil && svg == nil || view == nil && !json else {
      throw ValidationError(
        "--html and --svg write a file: leave out --events, --message, --text, --textconv and --json"
      )
    }
    guard html == nil || svg == nil else {
      throw ValidationError("choose one of --html and --svg")
    }
  }

  func run() throws {
    if let html { return try writePage(to: html) }
    if let svg { return try writePicture(to: svg) }
    if view == .textconv {
      return try CassetteText(file: file, exchange: exchange).write(limits: try limits.limits())
    }
    var table = ExchangeTable()
    var summaries: [JSONValue] = []
    var separator: [UInt8] = []
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    while let (number, exchange) = try walk.next() {
      switch view {
      case .events: showEvents(of: exchange, number)
      case .message: showMessage(of: exchange, number)
      case .text: separator = showText(of: exchange, number, after: separator)
      case nil where json: summaries.append(ExchangeJSON.summary(of: exchange, number: number))
      case nil, .textconv: table.add(exchange, number)
      }
    }
    switch view {
    case .text: if Console.isTerminal { Console.write(separator) }
    case nil where json:
      let page = JSONValue.object([
        .init("version", .number(1)), .init("exchanges", .array(summaries)),
      ])
      Console.write(page.bytes + [UInt8(ascii: "\n")])
    case nil: table.lines(on: .output).forEach(Console.print)
    default: break
    }
  }

  private func writePage(to path: String) throws {
    var page = StreamPage(name: CassetteWalk.name(of: file))
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    while let (number, exchange) = try walk.next() { page.add(exchange, number: number) }
    try OutputFile.write(page.bytes, to: path)
  }

  private func writePicture(to path: String) throws {
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    guard let (number, drawn) = try walk.next() else {
      throw Failure(.badData, "\(file): there is no exchange to draw")
    }
    if exchange == nil, try walk.next() != nil {
      throw Failure(
        .usage,
        "\(file) has more than one exchange, and --svg draws one: choose it with --exchange N")
    }
    let picture = StreamPicture(
      drawn, title: "\(CassetteWalk.name(of: file)), exchange \(number)")
    try OutputFile.write(picture.bytes, to: path)
  }

  private func showEvents(of exchange: Exchange, _ number: Int) {
    let events = ExchangeJSON.events(of: exchange)
    let terminal = Terminal.output
    for (index, event) in events.enumerated() {
      if json {
        let line = ExchangeJSON.event(event, number: index + 1, of: exchange, number)
        Console.write(line.bytes + [UInt8(ascii: "\n")])
      } else {
        let type = TextForm.excerpt(event.type, limit: 40)
        let data = TextForm.excerpt(event.data, limit: 120)
        let time = TextForm.time(exchange.chunks[event.chunk].at)
        let front = "\(number).\(index + 1)  \(time)  "
        let line = terminal.fitted("\(type)  \(data)", after: front.count)
        Console.print(terminal.styled(front, .faint) + line)
      }
    }
  }

  private func showMessage(of exchange: Exchange, _ number: Int) {
    let message = ExchangeMessage(of: exchange)
    Console.write((message.accumulator.message ?? .null).bytes + [UInt8(ascii: "\n")])
    warn(of: message, number)
  }

  /// Prints the text, and returns what has to stand between it and more.
  private func showText(
    of exchange: Exchange, _ number: Int, after separator: [UInt8]
  ) -> [UInt8] {
    let message = ExchangeMessage(of: exchange)
    let text = message.accumulator.text
    warn(of: message, number)
    guard !text.isEmpty else { return separator }
    Console.write(separator + text)
    return text.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]
  }

  /// Says what keeps a message from being whole, and what was wrong with its events.
  private func warn(of message: ExchangeMessage, _ number: Int) {
    if let reason = message.completeness.reason {
      Console.warn("the message of exchange \(number) is incomplete: \(reason)")
    }
    let log = message.accumulator.log
    for problem in log.problems.prefix(Self.shownProblems) {
      let place = problem.event > 0 ? ", event \(problem.event)" : ""
      Console.warn("exchange \(number)\(place): \(problem.text)")
    }
    if log.problemCount > Self.shownProblems {
      Console.warn(
        "exchange \(number): \(log.problemCount - Self.shownProblems) more like these: "
          + "show --json lists them")
    }
  }
}
