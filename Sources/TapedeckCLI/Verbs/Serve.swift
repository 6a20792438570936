import ArgumentParser
import Cassettes
import Deck
import LosslessJSON
import Matching
import Planning

/// `tapedeck serve`: the deck.
struct Serve: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve cassettes to clients, byte for byte and on time.",
    usage: Terminal.output.usage("tapedeck serve [<path> ...] [<options>] [-- <command> ...]"),
    discussion: """
      The deck listens on 127.0.0.1 and prints its base URL and the variables \
      that clients read. Directives say how one request is served: in front of \
      the path, in the base URL itself, or in the request header 'tapedeck':

        tapedeck serve cassettes
        curl -N http://127.0.0.1:4010/~pace=10x/v1/messages -d @request.json
        curl -N http://127.0.0.1:4010/v1/messages -d @request.json \\
            -H 'tapedeck: session=t1; pace=instant'

      The keys are session, cassette, exchange, pace, seed, attempt and fault.

      With a command after '--', the deck runs as long as the command, which gets \
      the variables. If the command fails, serve exits with its exit code. A wrong \
      directive, a fault that never fires and a request that matches nothing also \
      fail the run (--fail-on):

        tapedeck serve hello.tape --require-session -- pytest tests

      Options can also be set in tapedeck.json, and so can the paths:

        {"serve": {"paths": ["cassettes"], "fault": ["stall:1s", "rechunk:7"]}}

      The deck's own pages under /~/ tell what happened, with a line for each \
      request that replays it: /~/api/journal, /~/api/sessions/NAME, \
      /~/api/exchanges, /~/metrics and /~/health.
      """)

  static let settableOptions =
    PlanningOptions.names + [
      "paths", "port", "port-file", "fault",
    ] + ForwardingOptions.names + MatchOptions.names + RedactionOptions.names + ServerOptions.names
    + FailureOptions.names + ProviderOptions.names + LimitOptions.names
  static let repeatableOptions =
    ["paths", "fault"] + ForwardingOptions.repeatable + MatchOptions.repeatable
    + RedactionOptions.repeatable + ServerOptions.repeatable + FailureOptions.repeatable
    + ProviderOptions.repeatable
  static let shortNames: [Character: String] = ["k": "insecure"]
  static let settableFlags =
    ["sample", "allow-empty", "stop-with-stdin", "require-session", "no-directives"]
    + ForwardingOptions.flags + MatchOptions.flags + FailureOptions.flags

  @Argument(
    help: ArgumentHelp("Cassettes and folders of cassettes.", valueName: "path"),
    completion: .cassette)
  var paths: [String] = []

  /// The paths as the layers below the command line have them.
  @Option(name: .customLong("paths"), help: .hidden)
  var configuredPaths: [String] = []

  @Flag(
    help: """
      Serve the built-in cassettes too: one answer each for Anthropic Messages, OpenAI Chat \
      Completions, OpenAI Responses and Gemini.
      """)
  var sample = false

  @Option(help: ArgumentHelp("The port; 0 for any free one.", valueName: "n"))
  var port: UInt16?

  @Option(
    help: ArgumentHelp("Write the port to this file once the deck is ready.", valueName: "file"),
    completion: .file())
  var portFile: String?

  @Flag(help: "Start although there is no exchange yet: each request is a miss.")
  var allowEmpty = false

  @Flag(help: "End when standard input ends, and so with the program that holds its other end.")
  var stopWithStdin = false

  @OptionGroup
  var planning: PlanningOptions

  @Option(
    help: ArgumentHelp("A fault, like reset@event:3; may repeat.", valueName: "fault"),
    completion: .fault)
  var fault: [String] = []

  @OptionGroup(title: "Forwarding and recording")
  var forwarding: ForwardingOptions

  @Flag(help: "Answer a request that names no session with status 400.")
  var requireSession = false

  @Flag(help: "Ignore directives in the base URL and in the header.")
  var noDirectives = false

  @OptionGroup(title: "Matching")
  var matching: MatchOptions

  @OptionGroup(title: "What fails a run")
  var failing: FailureOptions

  @OptionGroup(title: "Limits of a provider")
  var provider: ProviderOptions

  @OptionGroup(title: "Secrets")
  var redaction: RedactionOptions

  @OptionGroup(title: "The server's limits")
  var server: ServerOptions

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
    let configuration = try self.configuration()
    let kinds = try failing.kinds(hasCommand: !command.isEmpty)
    // It notes how the files are before they are read.
    let watch =
      matching.watch
      ? CassetteWatch(
        paths: paths + (forwarding.recordTo.map { [$0] } ?? []), limits: try limits.limits()) : nil
    let library = try library(configuration.forwarding)
    library.notes.forEach(Console.warn)
    warnOfUnfit(library)
    // What is watched or recorded may be there later.
    if !matching.watch, forwarding.recordTo == nil {
      try PlanningOptions.check(configuration.directives.pace, among: library)
    }
    try refuseContradiction(among: configuration.directives.faults ?? [], library)
    let shelf = Shelf(library, recordedBytes: configuration.limits.recordedBytes)
    let watching = Task { await watch?.run(shelf, onWarning: Console.warn) }
    defer { watching.cancel() }
    let life = DeckLife(
      configuration: configuration, shelf: shelf, portFile: portFile,
      command: try TerminatedArguments.command(command), takesDefaultPort: port == nil,
      stopsWithInput: stopWithStdin)
    let (report, status) = try await life.run()
    show(report)
    if !report.joinedSecrets.isEmpty {
      Console.warn(
        "text that is joined across events looks like a secret: run 'tapedeck redact "
          + report.joinedSecrets.joined(separator: " ") + "'")
    }
    report.remarks.forEach(Console.warn)
    let failures = report.failures(of: kinds)
    failures.forEach(Console.warn)
    if let status, status != 0 { throw ExitCode(status) }
    if !failures.isEmpty { throw ExitCode(Failure.Code.didNotHold.rawValue) }
  }

  /// What is served from the start: the paths, and what was recorded before.
  private func library(_ forwarding: ForwardingConfiguration) throws -> Library {
    if forwarding.mode.records { try forwarding.target?.prepare() }
    let recorded = forwarding.target?.recordedPaths ?? []
    var library: Library
    do {
      library = try Library(
        paths: paths + recorded,
        comparing: try matching.comparison(redacting: try redaction.rules()),
        limits: limits.limits())
    } catch let error as CassetteError where error.kind == .noInput {
      throw Failure(
        .noInput,
        "\(error); 'tapedeck init' makes a first cassette, and --sample serves built-in ones")
    }
    if sample { try Sample.add(to: &library) }
    guard library.entryCount > 0 || forwarding.mode.forwards || allowEmpty else {
      let served = (paths + [forwarding.target?.path].compactMap(\.self)).joined(separator: ", ")
      throw Failure(
        .badData,
        "\(served): there is no exchange to serve: record one with --mode auto --upstream URL")
    }
    return library
  }

  private func configuration() throws -> DeckConfiguration {
    let forwarding = try self.forwarding.configuration()
    let mayBeEmpty = forwarding.target != nil || forwarding.mode.forwards || allowEmpty
    guard !paths.isEmpty || sample || mayBeEmpty else {
      throw Failure(
        .usage,
        "name a cassette or a folder of them, like 'tapedeck serve cassettes', or --sample for the "
          + "built-in ones; 'tapedeck init' sets a folder up")
    }
    let command = try TerminatedArguments.command(command)
    guard !(stopWithStdin && !command.isEmpty) else {
      throw Failure(
        .usage, "--stop-with-stdin is for a deck without a command, which reads standard input")
    }
    guard !(noDirectives && requireSession) else {
      throw Failure(
        .usage, "--require-session needs directives, and --no-directives turns them off")
    }
    var configuration = DeckConfiguration()
    configuration.port = Int(port ?? DeckLife.defaultPort)
    configuration.directives = try planning.directives()
    try configuration.directives.add(fault)
    configuration.idleTimeLimit = try planning.limit()
    configuration.limits.planBytes = try planning.planLimitBytes()
    configuration.readsDirectives = !noDirectives
    configuration.requiresSession = requireSession
    configuration.forwarding = forwarding
    configuration.onWarning = { Console.warn($0) }
    // A command has the terminal to itself.
    if command.isEmpty, Console.isWatched {
      configuration.onServed = { request in
        // A terminal may change its width.
        Console.note(RequestLog(terminal: .error).line(request))
      }
    }
    configuration.provider = try provider.limits()
    try matching.set(&configuration)
    try server.set(&configuration)
    try check(configuration)
    if configuration.isBeyondLoopback, configuration.token == nil {
      let token = Self.newToken()
      configuration.token = token
      Console.warn("the deck's own pages under /~/ need the header authorization: Bearer \(token)")
    }
    return configuration
  }

  /// Words what the library refuses by the options that it is about.
  private func check(_ configuration: DeckConfiguration) throws {
    do throws(DeckConfigurationError) {
      try configuration.validate()
    } catch .forwardsForOtherMachines(let host) {
      throw Failure(
        .usage,
        "--host \(host) lets other machines in, and their requests would be forwarded: "
          + "add --allow-remote-record if this is intended")
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  /// 128 bits that nobody can guess, in hexadecimal.
  private static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The most exchanges on which faults are looked at before anything is served.
  private static let checkedExchanges = 64

  /// Refuses faults that no request could ever have together.
  private func refuseContradiction(among faults: [FaultSpec], _ library: Library) throws {
    guard faults.count > 1 else { return }
    let served = library.entries.prefix(Self.checkedExchanges).map(\.exchange)
    let exchanges = served.isEmpty ? [try Sample.exchange()] : served
    if let error = try Planner().contradiction(among: faults, on: exchanges) {
      throw Failure(.usage, "--fault: \(error)")
    }
  }

  private func warnOfUnfit(_ library: Library) {
    let unfit = library.entries.filter { $0.exchange.ending.how.unfitness != nil }
    guard let first = unfit.first else { return }
    let rest = unfit.count == 1 ? "" : ", and \(unfit.count - 1) more"
    Console.warn(
      "exchange \(first.number) of \(first.cassette) was \(first.exchange.ending.how.rawValue) "
        + "while it was recorded\(rest): it ends as a disconnect, and is not fit for a fixture")
  }

  private func show(_ report: DeckReport) {
    guard Console.isWatched else { return }
    let counts = report.counts
    Console.warn(
      "\(TextForm.count(counts.requests, "request")), "
        + "\(TextForm.count(counts.misses, "miss", "misses")), \(counts.loose) loose; "
        + "\(TextForm.count(report.lateness.writes, "write")), late by "
        + "\(report.lateness.p50Nanoseconds / 1000) us (median), "
        + "\(report.lateness.p99Nanoseconds / 1000) us (p99)")
  }
}
