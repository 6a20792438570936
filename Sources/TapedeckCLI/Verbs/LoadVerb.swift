import ArgumentParser
import Cassettes
import Deck
import Load
import Loading
import Matching
import Planning
import Redaction

/// `tapedeck load`: timed load, with latencies that say when the generator itself was late.
struct LoadVerb: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Send a server requests for streams on a schedule, and measure what comes back.",
    usage: Terminal.output.usage("tapedeck load [<url>] [<cassette> ...] [<options>]"),
    discussion: """
      With a cassette alone, load starts a deck that serves it. With a URL and a \
      cassette, the URL is a base URL, and the requests come from the cassette. \
      With a URL alone, -X, -H and -d make the request:

        tapedeck load hello.tape --arrivals poisson:50/s --duration 30s
        tapedeck load http://127.0.0.1:8080 hello.tape --arrivals concurrent:200
        tapedeck load http://127.0.0.1:8080/v1/messages -d @request.json \\
            --slo 'ttft.p99<500ms' --slo 'errors<1%'

      Each stream starts when the schedule says, even if earlier ones are still \
      open, and every latency counts from that moment, so a pause of the server \
      shows. If the generator itself was late, it says so. Only a closed loop, \
      concurrent:N, waits for its own streams, and cannot show such a pause.

        tapedeck load hello.tape --shard 1/2 --json > 1.json
        tapedeck load --merge 1.json 2.json --html both.html

      Exit codes: 0 success, 1 an objective or --strict did not hold, 69 nothing \
      answered, 130 Ctrl-C, which ends the run early and still prints its results.
      """)

  static let settableOptions =
    ["paths"] + LoadArrivalOptions.names + RequestOptions.names + LoadClientOptions.names
    + LoadObjectiveOptions.names + LoadOutputs.names + LimitOptions.names
  static let repeatableOptions =
    ["paths"] + LoadArrivalOptions.repeatable + RequestOptions.repeatable
    + LoadObjectiveOptions.repeatable
  static let shortNames = RequestOptions.shortNames
  static let settableFlags =
    ["sample"] + LoadClientOptions.flags + LoadObjectiveOptions.flags + LoadOutputs.flags

  @Argument(
    help: ArgumentHelp(
      "A URL that begins with http://, cassettes, and folders of cassettes.",
      valueName: "url|cassette"),
    completion: .cassette)
  var paths: [String] = []

  /// The arguments as the layers below the command line have them.
  @Option(name: .customLong("paths"), help: .hidden)
  var configuredPaths: [String] = []

  @Flag(help: "Use the built-in cassettes too: one answer for each of four APIs.")
  var sample = false

  @OptionGroup(title: "Arrivals")
  var arriving: LoadArrivalOptions

  @OptionGroup(title: "The request of a URL")
  var asked: RequestOptions

  @OptionGroup(title: "Streams")
  var client: LoadClientOptions

  @OptionGroup(title: "Objectives")
  var objectives: LoadObjectiveOptions

  @OptionGroup(title: "Results")
  var outputs: LoadOutputs

  @OptionGroup(title: "Limits of cassettes")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  mutating func validate() {
    if paths.isEmpty { paths = configuredPaths }
  }

  func run() async throws {
    try outputs.check(against: paths)
    let chosen = try objectives.chosen()
    guard !outputs.merge else {
      guard try finish(try outputs.merged(paths), chosen).isEmpty else {
        throw ExitCode(Failure.Code.didNotHold.rawValue)
      }
      return
    }
    let aim = try LoadAim(paths, sample: sample, limits: limits, client: client, asked: asked)
    let schedule = try arriving.schedule(choosing: try client.choice())
    let source = try LoadArrivalOptions.source(schedule, of: aim.pool)
    let options = try client.options(for: schedule)
    let stop = LoadStop()
    let signals = LoadSignals(stop)
    defer { signals.cancel() }
    let check = objectives.selfCheck ? try await LoadSelfCheck.run(aim, schedule, stop) : nil
    let records = try outputs.recordFile()
    let generation = LoadGeneration(
      aim: aim, schedule: schedule, options: options, bounds: chosen.bounds, records: records)
    let report = try await generation.run(source, stop)
    let failures = try finish(report, chosen) + (objectives.strict ? check?.failures ?? [] : [])
    try records?.finish()
    if let signal = signals.number { throw ExitCode(128 + signal) }
    if let silence = aim.silence(in: report) { throw Failure(.unavailable, silence) }
    if !failures.isEmpty { throw ExitCode(Failure.Code.didNotHold.rawValue) }
  }

  /// Writes the results, and says what did not hold.
  private func finish(_ report: LoadReport, _ objectives: Objectives) throws -> [String] {
    let summary = LoadSummary(report)
    let results = objectives.results(of: summary)
    try outputs.write(report, summary, results)
    if let reason = summary.lateReason {
      Console.warn("the generator was late: these numbers are not the server's (\(reason))")
    }
    if summary.streams == 0, summary.notSent == 0 {
      Console.warn("nothing was measured: no stream was due between the warm-up and the end")
    }
    var failures = results.filter { !$0.held }.map(\.description)
    if self.objectives.strict { failures += summary.strictFailures }
    return failures
  }
}
