import ArgumentParser
import Cassettes
import LosslessJSON
import Planning
import Reports

/// `tapedeck plan`: what a replay would do, without serving it.
struct PlanVerb: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print what a replay would do, without serving it.",
    discussion: """
      A replay is a pure function of the exchange, the pace, the faults, the seed, \
      the session and the attempt: what is printed here is what the deck sends, \
      on every machine. --html writes a page with the recording above and the plan \
      below; a file that exists is replaced, and - is standard output.

        tapedeck plan cassettes/anthropic-text.tape --pace 10x
        tapedeck plan cassettes/gemini-text.tape --pace ttft:300ms,rate:50/s
        tapedeck plan cassettes/gemini-text.tape --pace like:anthropic-text
        tapedeck plan cassettes/anthropic-text.tape --fault reset@event:12
        tapedeck plan cassettes/anthropic-text.tape --json | jq .body_sha256
        tapedeck plan cassettes/anthropic-text.tape --fault end@event:12 --html plan.html
      """)

  static let settableOptions =
    PlanningOptions.names + ["exchange", "fault", "attempt", "nth", "session", "html"]
    + LimitOptions.names
  static let repeatableOptions = ["fault"]
  static let settableFlags = ["json"]

  @Argument(help: "The cassette.", completion: .cassette)
  var file: String

  @Option(help: ArgumentHelp("Only this exchange, counted from 1.", valueName: "n"))
  var exchange: Int?

  @OptionGroup
  var planning: PlanningOptions

  @Option(
    help: ArgumentHelp("A fault, like reset@event:3; may repeat.", valueName: "fault"),
    completion: .fault)
  var fault: [String] = []

  @Option(help: ArgumentHelp("The attempt: which try of the same request this is.", valueName: "n"))
  var attempt: Int = 1

  @Option(
    help: ArgumentHelp(
      "Which request of its session this is, as nth= counts them.", valueName: "n"))
  var nth: Int = 1

  @Option(help: ArgumentHelp("The session's name.", valueName: "name"))
  var session: String?

  @Flag(help: "Print JSON for machines, one object for each exchange, one per line.")
  var json = false

  @Option(
    help: ArgumentHelp("Write a page of the plans to this file.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func validate() throws {
    guard html == nil || !json else {
      throw ValidationError("--html writes a page: leave out --json")
    }
  }

  func run() throws {
    var directives = try planning.directives()
    try directives.add(fault)
    let options = PlanOptions(
      pace: directives.pace ?? .recorded, idleTimeLimit: try planning.limit(),
      faults: directives.faults ?? [], seed: directives.seed ?? 0,
      session: try OptionValue.parsed("--session") { try session.map(Directives.session) ?? "" },
      attempt: try positive(attempt, "--attempt"), request: try positive(nth, "--nth"),
      samples: try PlanningOptions.samples(for: directives.pace, beside: file, limits.limits()))
    let planner = try planning.planner()
    var page = PlanPage(name: CassetteWalk.name(of: file))
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    while let (number, exchange) = try walk.next() {
      let plan = try planner.plan(exchange, options)
      if html != nil {
        page.add(plan, of: exchange, number: number)
      } else if json {
        ExchangeJSON.write(plan, of: exchange, number: number, to: Console.write)
      } else {
        show(plan, number)
        let expected = plan.expectation(for: exchange)
        print(
          "  expect: \(expected.outcome.rawValue), \(expected.why)",
          expected.outcome == .breaking ? .red : .green)
      }
    }
    if let html { try OutputFile.write(page.bytes, to: html) }
  }

  private func show(_ plan: Plan, _ number: Int) {
    let status = plan.status.map { "status \($0)" } ?? "no head"
    print(
      "exchange \(number), attempt \(plan.attempt), seed \(plan.seed): \(status), "
        + "\(TextForm.grouped(plan.bodyBytes)) body bytes, ends with \(plan.ending.rawValue)",
      .bold)
    var table = Table(rightAligned: [0, 2], overflow: .cuts)
    table.count = plan.actions.count
    table.row = { Self.row(of: plan.actions[$0], in: plan) }
    table.write(on: .output, indent: 2, to: Console.print)
    if plan.ending == .hang { print("  then silence: the connection stays open", .red) }
    for note in plan.notes { print("  note: \(note)", .yellow) }
  }

  /// Prints a text in as many lines as it needs, each in the style.
  private func print(_ text: String, _ style: Terminal.Style) {
    let terminal = Terminal.output
    for line in terminal.wrapped(text, indent: 4) { Console.print(terminal.styled(line, style)) }
  }

  private static func row(of action: Plan.Action, in plan: Plan) -> [Table.Cell] {
    let excerpt = TextForm.excerpt(
      String(decoding: plan.wire[action.body].prefix(240), as: UTF8.self), limit: 60)
    let time = Table.Cell(TextForm.time(action.at), .faint)
    switch action.kind {
    case .head: return [time, "head", "\(action.wireEnd)", ""]
    case .send: return [time, "send", "\(action.body.count)", .init(excerpt)]
    case .finish:
      let isWhole = plan.ending == .complete
      return [time, "finish", "", .init(plan.ending.rawValue, isWhole ? nil : .red)]
    }
  }
}
