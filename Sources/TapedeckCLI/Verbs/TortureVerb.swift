import ArgumentParser
import Cassettes
import Deck
import Judging
import Libc
import Matching
import Planning
import Redaction
import Reports
import Torture

/// `tapedeck torture`: a client against every way in which a stream can break.
struct TortureVerb: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "torture",
    abstract: "Run a client against every way a stream can break, and judge it.",
    usage: Terminal.output.usage("tapedeck torture [<path> ...] [<options>] -- <command> ..."),
    discussion: """
      The command is a client: it finds the deck by the variables that 'serve' \
      sets, asks once, prints the text that it gets, and exits with 0 only if it \
      believes that the answer is whole. It is started once for each case, and \
      judged by what it delivered and by how it behaved towards the server:

        tapedeck torture cassettes/anthropic-text.tape -- python client.py
        tapedeck torture --sample --case 'cut/*' --html report.html -- ./client

      With --keep it is started once: it reads one base URL per line from \
      standard input, and answers each with one line of JSON, \
      {"text": "...", "error": null, "finish": "..."}. Instead of printing, a \
      client may also POST what it delivered to TAPEDECK_OUTCOME_URL.

      A first run without any fault has to be right. --known names a file of \
      failures that you know of: a list with case, verdict and why, in YAML or \
      JSON.

        tapedeck torture hello.tape --list
        tapedeck torture hello.tape --budget 2m --known known.yaml -- ./client
        tapedeck torture --merge a.json b.json --html both.html

      Exit codes: 0 all as expected, 1 the client did wrong, or a known failure no \
      longer fails, 64 there is no verdict, since the client does not work without \
      a fault either.
      """)

  static let settableOptions =
    ["paths"] + TortureChoice.names + TortureRunOptions.names + TortureOutputs.names
    + LimitOptions.names
  static let repeatableOptions = ["paths"] + TortureChoice.repeatable
  static let settableFlags =
    ["sample"] + TortureChoice.flags + TortureRunOptions.flags + TortureOutputs.flags

  @Argument(
    help: ArgumentHelp("Cassettes and folders of cassettes.", valueName: "path"),
    completion: .cassette)
  var paths: [String] = []

  /// The paths as the layers below the command line have them.
  @Option(name: .customLong("paths"), help: .hidden)
  var configuredPaths: [String] = []

  @Flag(help: "Use the built-in cassettes too: one answer for each of four APIs.")
  var sample = false

  @OptionGroup(title: "Cases")
  var choice: TortureChoice

  @OptionGroup(title: "The run")
  var running: TortureRunOptions

  @OptionGroup(title: "Reports")
  var outputs: TortureOutputs

  @OptionGroup(title: "Limits of cassettes")
  var limits: LimitOptions

  /// What stands behind `--`, which `TerminatedArguments` turns into these.
  @Option(name: .customLong(TerminatedArguments.option), help: .private)
  var command: [String] = []

  @OptionGroup
  var settings: ConfigurationOption

  mutating func validate() {
    if paths.isEmpty { paths = configuredPaths }
  }

  func run() async throws {
    guard !outputs.merge else { return try outputs.write(try outputs.merged(paths)) }
    try outputs.check(against: paths)
    let library = try library()
    let choice = try self.choice.chosen(of: library, timing: running.timing())
    guard !self.choice.list else {
      let list = TortureList(choice.listed)
      return outputs.json ? Console.write(list.json) : list.show()
    }
    let client = try client(TerminatedArguments.command(command))
    let options = try running.options()
    guard !self.choice.dryRun else { return show(choice.cases, options) }
    let known = try running.knownFailures()
    OrphanedProcesses.adopt()
    defer { OrphanedProcesses.end() }
    let stop = StopFlag()
    let watch = Self.setOnSignal(stop)
    defer { watch.cancel() }
    let report = try await torture(choice, library, by: client, options, stop).redacted
    try outputs.write([report], known)
    let outcome = TortureOutcome(report, known)
    if !outputs.json { outcome.show(on: .output) }
    if running.shrink {
      let saving = SavedFailures(client: client, options: options, stop: stop)
      try await saving.save(outcome.unexpected, of: choice.cases, library)
    }
    if let signal = stop.signal { throw ExitCode(128 + signal) }
    if let reason = outcome.harnessFlaw { throw Failure(.usage, reason) }
    if outcome.isWrong { throw ExitCode(Failure.Code.didNotHold.rawValue) }
  }

  /// Sets a flag when a signal asks for an end, so that what was done until then is reported.
  private static func setOnSignal(_ stop: StopFlag) -> Task<Void, Never> {
    let signals = StopSignals()
    return Task {
      for await signal in signals.stream {
        stop.set(by: signal.number)
        break
      }
    }
  }

  private func torture(
    _ choice: TortureChoice.Chosen, _ library: Library, by client: ChosenClient,
    _ options: TortureOptions, _ stop: StopFlag
  ) async throws -> TortureReport {
    let (named, given) = (paths + (sample ? ["--sample"] : []), running.reproduced)
    let screen = TortureScreen(total: choice.cases.count, budget: options.budget)
    let run = TortureRun(
      of: client.name, on: library, options, makeClient: client.maker(options, stop),
      reproduce: { torture in
        client.reproduction(of: torture, in: library, arguments: named, options: given)
      },
      onResult: { screen.take($0) })
    defer { screen.clear() }
    do {
      let report = try await run.run(plain: choice.plain, choice.cases, stop: stop)
      if stop.isSet { Console.warn("stopped: this is what was done until then") }
      return report
    } catch let error as TortureError {
      throw Failure(error)
    }
  }

  private func client(_ words: [String]) throws -> ChosenClient {
    if running.builtIn {
      guard words.isEmpty else {
        throw Failure(
          .usage, "--built-in is a client of its own: leave out the command behind '--'")
      }
      return .builtIn(readTimeout: try running.timing().readTimeout)
    }
    guard !words.isEmpty else {
      throw Failure(
        .usage, "there is no client: give its command behind '--', like -- python client.py")
    }
    return .command(words, isKept: running.keep)
  }

  private func library() throws -> Library {
    guard !paths.isEmpty || sample else {
      throw Failure(
        .usage,
        "name a cassette or a folder of them, like 'tapedeck torture cassettes', or --sample for "
          + "the built-in ones")
    }
    return try CassetteLibrary.read(paths, sample: sample, limits: try limits.limits())
  }

  private func show(_ cases: [TortureCase], _ options: TortureOptions) {
    TortureList(cases).show()
    let takes = cases.reduce(Int64(0)) {
      let (sum, isBeyond) = $0.addingReportingOverflow($1.takes.count)
      return isBeyond ? .max : sum
    }
    Console.warn(
      "\(TextForm.count(cases.count, "case")), in which the deck waits for "
        + "\(takes / 1_000_000) s in all; nothing was run")
  }
}

extension TortureReport {
  /// The report without secrets: evidence quotes what a client says on standard error, and reports
  /// are for others to read.
  fileprivate var redacted: TortureReport {
    var report = self
    for index in report.results.indices {
      let judgement = report.results[index].judgement
      report.results[index].judgement.contentEvidence = Redactor.redact(
        text: judgement.contentEvidence)
    }
    return report
  }
}

extension Failure {
  /// A run that came to no verdict.
  fileprivate init(_ error: TortureError) {
    switch error {
    case .harness: self.init(.usage, Redactor.redact(text: "\(error)"))
    case .client(let error): self.init(error.isMissing ? .noInput : .usage, "\(error)")
    case .system: self.init(.unavailable, "\(error)")
    }
  }
}
