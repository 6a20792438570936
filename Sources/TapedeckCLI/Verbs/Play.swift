import ArgumentParser
import Cassettes
import Planning

/// `tapedeck play`: watch a stream in the terminal as it came.
struct Play: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Watch a recorded stream in the terminal as it arrived.",
    discussion: """
      The body bytes of each exchange go to standard output, each chunk when it \
      is due; with --text, only the text that the model wrote.

        tapedeck play cassettes/anthropic-text.tape
        tapedeck play cassettes/anthropic-text.tape --text --pace 4x
        tapedeck play cassettes/anthropic-text.tape --pace instant > body.sse
      """)

  static let settableOptions = PlanningOptions.names + ["exchange"] + LimitOptions.names
  static let settableFlags = ["text"]

  @Argument(help: "The cassette.", completion: .cassette)
  var file: String

  @Option(help: ArgumentHelp("Only this exchange, counted from 1.", valueName: "n"))
  var exchange: Int?

  @Flag(help: "Write only the text of the message.")
  var text = false

  @OptionGroup
  var planning: PlanningOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() async throws {
    let directives = try planning.directives()
    let options = PlanOptions(
      pace: directives.pace ?? .recorded, idleTimeLimit: try planning.limit(),
      seed: directives.seed ?? 0,
      samples: try PlanningOptions.samples(for: directives.pace, beside: file, limits.limits()))
    let planner = try planning.planner()
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    while let (number, exchange) = try walk.next() {
      let reader = text ? TextReader(of: exchange) : nil
      try await play(try planner.plan(exchange, options), number, reader)
      if text, Console.isTerminal { Console.print("") }
    }
  }

  private func play(_ plan: Plan, _ number: Int, _ reader: TextReader?) async throws {
    var reader = reader
    let start = ContinuousClock.now
    for action in plan.actions {
      try await Task.sleep(
        until: start + .microseconds(action.at.count), tolerance: .zero, clock: .continuous)
      let bytes = Array(plan.wire[action.body])
      Console.write(reader?.text(of: bytes) ?? bytes)
    }
    if let reader { Console.write(reader.rest) }
    if plan.ending != .complete {
      Console.warn("exchange \(number) ends with \(plan.ending.rawValue)")
    }
  }
}
