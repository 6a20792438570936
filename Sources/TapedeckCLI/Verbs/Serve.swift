import ArgumentParser
import Cassettes
import Deck
import Planning

/// `tapedeck serve`: the deck.
struct Serve: AsyncParsableCommand, EnvironmentConfigurable {
  static let configuration = CommandConfiguration(
    abstract: "Serve cassettes to clients, byte for byte and on time.",
    usage: "tapedeck serve <path> ... [<options>] [-- <command> ...]",
    discussion: """
      The deck listens on 127.0.0.1 and prints its base URL and the variables
      that clients read. How one request is served can be said in front of the
      path, in the base URL itself, or in the request header 'tapedeck':

        tapedeck serve cassettes
        curl -N http://127.0.0.1:4010/~pace=10x/v1/messages -d @request.json
        curl -N http://127.0.0.1:4010/v1/messages -d @request.json \\
            -H 'tapedeck: session=t1; pace=instant'

      Keys: session, cassette, exchange, pace, seed, attempt and fault. With a
      command behind '--', the deck lives as long as the command, which gets the
      variables, and whose failure is the exit code:

        tapedeck serve hello.tape --require-session -- pytest tests

      What happened stands under /~/ on the deck itself, each request with a line
      that replays it: /~/api/journal, /~/api/sessions/NAME, /~/api/exchanges,
      /~/metrics and /~/health.
      """)

  static let environmentOptions =
    PlanningOptions.names + [
      "port", "port-file", "fault", "mode", "match", "match-ignore",
    ] + ServerOptions.names + LimitOptions.names
  static let environmentFlags = ["require-session", "no-directives", "fail-on-loose"]

  @Argument(help: ArgumentHelp("Cassettes, and folders of them.", valueName: "path"))
  var paths: [String] = []

  @Option(help: ArgumentHelp("The port; 0 is any that is free.", valueName: "n"))
  var port: UInt16?

  @Option(
    help: ArgumentHelp("Write the port to this file once the deck is ready.", valueName: "file"))
  var portFile: String?

  @OptionGroup
  var planning: PlanningOptions

  @Option(help: ArgumentHelp("A fault, like reset@event:3; may repeat.", valueName: "fault"))
  var fault: [String] = []

  @Option(help: ArgumentHelp("replay (none): answer from cassettes only.", valueName: "mode"))
  var mode: String = "replay"

  @Flag(help: "Answer a request that names no session with 400.")
  var requireSession = false

  @Flag(help: "Read no directives from the base URL and the header.")
  var noDirectives = false

  @Option(
    help: ArgumentHelp("any, or body: only an equal request body matches.", valueName: "what"))
  var match: String = "any"

  @Option(
    help: ArgumentHelp(
      "Leave this JSON pointer out of body comparison; may repeat.", valueName: "pointer"))
  var matchIgnore: [String] = []

  @Flag(help: "Exit with 1 where a request was answered by an exchange with another body.")
  var failOnLoose = false

  @OptionGroup(title: "The server's limits")
  var server: ServerOptions

  @OptionGroup(title: "Limits of cassettes")
  var limits: LimitOptions

  /// What stands behind `--`, which `TerminatedArguments` turns into these.
  @Option(name: .customLong(TerminatedArguments.option), help: .private)
  var command: [String] = []

  func run() async throws {
    let configuration = try self.configuration()
    let library = try Library(
      paths: paths, comparing: try comparison(), limits: limits.limits())
    guard library.entryCount > 0 else {
      throw Failure(.badData, "\(paths.joined(separator: ", ")): there is no exchange to serve")
    }
    warnOfUnfit(library)
    let life = DeckLife(
      configuration: configuration,
      shelf: Shelf(library, recordedBytes: configuration.limits.recordedBytes),
      portFile: portFile,
      command: command.map { String($0.dropFirst()) },
      takesDefaultPort: port == nil)
    let (report, status) = try await life.run()
    show(report)
    if let status, status != 0 { throw ExitCode(status) }
    if failOnLoose, report.counts.loose > 0 {
      throw Failure(
        .didNotHold,
        "\(report.counts.loose) requests were answered by an exchange with another body")
    }
  }

  /// What takes part when requests are compared.
  private func comparison() throws -> Comparison {
    Comparison(ignoring: try matchIgnore.map(JSONPointer.init(parsing:)))
  }

  private func configuration() throws -> DeckConfiguration {
    guard !paths.isEmpty else {
      throw Failure(.usage, "name a cassette or a folder of them: tapedeck serve cassettes")
    }
    guard command.first != "=" else {
      throw Failure(.usage, "there is no command behind '--'")
    }
    guard mode == "replay" || mode == "none" else {
      throw Failure(.usage, "--mode \(mode): this version has replay (none) only")
    }
    guard match == "any" || match == "body" else {
      throw Failure(.usage, "--match \(match): there are any and body")
    }
    guard !(noDirectives && requireSession) else {
      throw Failure(
        .usage, "--require-session needs directives, and --no-directives turns them off")
    }
    var configuration = DeckConfiguration()
    configuration.port = Int(port ?? DeckLife.defaultPort)
    configuration.directives = try planning.directives()
    for fault in fault {
      try configuration.directives.set("fault=\(fault)")
    }
    for fault in configuration.directives.faults ?? [] {
      _ = try FaultCatalogue.standard.fault(fault)
    }
    configuration.idleTimeLimit = try planning.limit()
    configuration.readsDirectives = !noDirectives
    configuration.requiresSession = requireSession
    configuration.matchesBody = match == "body"
    configuration.onNotice = Console.warn
    try server.set(&configuration)
    if configuration.isBeyondLoopback, configuration.token == nil {
      let token = Self.newToken()
      configuration.token = token
      Console.warn("the deck's own pages under /~/ need this: authorization: Bearer \(token)")
    }
    return configuration
  }

  /// 128 bits that nobody can guess, in hexadecimal.
  private static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private func warnOfUnfit(_ library: Library) {
    let unfit = library.entries.filter { entry in
      [.cancelled, .interrupted].contains(entry.exchange.ending.how)
    }
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
      "\(counts.requests) requests, \(counts.misses) misses, \(counts.loose) loose; "
        + "\(report.lateness.writes) writes, late by "
        + "\(report.lateness.p50Nanoseconds / 1000) us (median), "
        + "\(report.lateness.p99Nanoseconds / 1000) us (p99)")
  }
}
