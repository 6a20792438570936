import ArgumentParser
import Cassettes
import Comparing
import LosslessJSON
import Planning
import Recorder
import Redaction

/// `tapedeck diff`: what two recordings differ in, or a recording and what a provider says today.
struct Diff: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two cassettes, or a cassette with the live API.",
    discussion: """
      Exchanges are paired by their requests. Compared are request, head, types \
      of events and their JSON shape, text, tool calls, stop reason, usage, \
      timing and ending. What differs between any two recordings, such as ids and \
      dates, is counted and left out; --strict shows it. FILE:N is one exchange.

        tapedeck diff old.tape new.tape
        tapedeck diff old.tape new.tape --ignore text,timing
        tapedeck diff hello.tape:1 hello.tape:2

      --live asks the provider again, each request once and one after the other, \
      and reports what it sends today that the cassette does not know: types of \
      events, fields, other types of values. Texts, tool calls, usage, order, \
      number and times of events are left out. A URL replaces the recorded \
      server. Keys are not recorded: give them with -H.

        tapedeck diff hello.tape --live -H @key.txt
        tapedeck diff hello.tape --live http://127.0.0.1:8080 -o new.tape

      Exit codes: 0 the same, 1 different, 64 if a credential is missing, 69 if \
      the server cannot be reached.
      """)

  static let settableOptions =
    ["exchange", "header", "output"] + DiffOptions.names + ConnectionOptions.names
    + RedactionOptions.names + LimitOptions.names
  static let repeatableOptions =
    ["header"] + DiffOptions.repeatable + RedactionOptions.repeatable
  static let settableFlags = ["live", "json"] + DiffOptions.flags + ConnectionOptions.flags
  static let shortNames: [Character: String] = [
    "H": "header", "o": "output", "k": "insecure", "L": "location",
  ]

  @Argument(
    help: ArgumentHelp(
      "Two cassettes, or FILE:N for one exchange; with --live one cassette and, if you like, a URL.",
      valueName: "a> <b"),
    completion: .cassette)
  var sides: [String]

  @OptionGroup
  var compared: DiffOptions

  @Option(
    help: ArgumentHelp("Only this exchange of each cassette, counted from 1.", valueName: "n"))
  var exchange: Int?

  @Flag(help: "Compare with what the provider answers now.")
  var live = false

  @Option(
    name: [.customShort("H"), .customLong("header")],
    help: ArgumentHelp(
      "With --live, a request header in the place of the recorded one, or @FILE; may repeat.",
      valueName: "name: value"))
  var headers: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "With --live, keep the new recording in this cassette; else nothing is written.",
      valueName: "file"),
    completion: .cassette)
  var output: String?

  @Flag(help: "Print JSON for machines.")
  var json = false

  @OptionGroup(title: "The connection of --live")
  var connection: ConnectionOptions

  @OptionGroup(title: "Secrets")
  var redaction: RedactionOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() async throws {
    let rules = try compared.rules(isDrift: live)
    let report = live ? try await liveReport(rules) : try await report(rules)
    if json {
      Console.write(report.page.bytes + [UInt8(ascii: "\n")])
    } else {
      report.show(on: .output)
    }
    guard report.isSame else { throw ExitCode(Failure.Code.didNotHold.rawValue) }
  }

  /// Compares two cassettes.
  private func report(_ rules: DiffRules) async throws -> DiffReport {
    guard !sides.contains(where: { $0.contains("://") }) else {
      throw Failure(.usage, "a URL is compared with --live: tapedeck diff hello.tape --live URL")
    }
    guard sides.count == 2 else {
      throw Failure(
        .usage, "name two cassettes, like 'tapedeck diff old.tape new.tape', or one and --live")
    }
    guard headers.isEmpty, output == nil else {
      throw Failure(.usage, "-H and -o are for --live, which asks a server")
    }
    let (a, b) = (
      try DiffSide(sides[0], exchange: exchange), try DiffSide(sides[1], exchange: exchange)
    )
    let (was, now) = (try a.read(limits: limits), try b.read(limits: limits))
    let isOneEach = a.wanted != nil && b.wanted != nil
    let pairs =
      isOneEach
      ? nil : ExchangePairs(was.map(\.exchange.request), now.map(\.exchange.request))
    var report = try makeReport((sides[0], sides[1]), rules)
    for pair in pairs?.pairs ?? [ExchangePairs.Pair(was: 0, now: 0)] {
      let (one, other) = (was[pair.was], now[pair.now])
      // Most of the time goes into reading the two, which is done at once.
      async let first = ExchangeReading(of: one.exchange)
      async let second = ExchangeReading(of: other.exchange)
      report.pairs.append(
        DiffReport.Pair(
          was: one.number, now: other.number, request: one.exchange.request,
          comparison: ExchangeComparison(await first, await second, by: rules)))
    }
    // Who names one exchange does not ask what became of the others.
    if b.wanted == nil { report.onlyWas = Self.singles(pairs?.onlyWas, of: was) }
    if a.wanted == nil { report.onlyNow = Self.singles(pairs?.onlyNow, of: now) }
    return report
  }

  private static func singles(
    _ places: [Int]?, of exchanges: [(number: Int, exchange: Exchange)]
  ) -> [DiffReport.Single] {
    (places ?? []).map { place in
      DiffReport.Single(
        number: exchanges[place].number, request: exchanges[place].exchange.request)
    }
  }

  /// Compares a cassette with what a provider answers.
  private func liveReport(_ rules: DiffRules) async throws -> DiffReport {
    let urls = sides.filter { $0.contains("://") }
    let files = sides.filter { !$0.contains("://") }
    guard files.count == 1, urls.count <= 1 else {
      throw Failure(
        .usage,
        "--live compares one cassette with a server: write 'tapedeck diff hello.tape --live', or "
          + "--live https://api.example.com for another server")
    }
    let side = try DiffSide(files[0], exchange: exchange)
    let fields = try HeaderArguments.fields(of: headers)
    var options = try connection.options()
    options.redaction = try redaction.rules()
    let check = try LiveCheck(
      try side.read(limits: limits), of: side, redaction: options.redaction, output: output
    ) {
      try RepeatedRequest($0, $1, base: urls.first, fields: fields, options: options)
    }
    var report = try makeReport(
      (files[0], urls.first.map { Redactor.redact(url: $0) } ?? "live"), rules)
    try await check.run(into: &report, by: rules)
    return report
  }

  private func makeReport(
    _ names: (was: String, now: String), _ rules: DiffRules
  ) throws -> DiffReport {
    DiffReport(
      names: names, ignored: rules.ignored,
      countsSingles: try !compared.ignored().contains(.count))
  }
}
