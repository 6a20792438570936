import ArgumentParser
import Cassettes
import Dialects
import LosslessJSON
import Planning

/// `tapedeck check`: integrity, grammar, secrets.
struct Check: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check cassettes: integrity, grammar, secrets, endings.",
    discussion: """
      Reports for each cassette what is damaged, what is odd about its streams, \
      what looks like a secret, what is not fit for a fixture, what was recorded \
      in a form that its provider has replaced, and which recordings were never \
      finished. --repair mends what can be mended, adds \
      unfinished recordings, and keeps a copy of the old file beside it.

        tapedeck check cassettes
        tapedeck check --repair hello.tape
        tapedeck check --max-age 90d cassettes

      Exit codes: 65 if a cassette is damaged, else 1 if one is not fit for a \
      fixture or older than --max-age. Grammar, old forms, incomplete messages, and requests of which only failures \
      are recorded are reported but do not change the exit code.
      """)

  static let settableOptions = ["max-age"] + LimitOptions.names
  static let settableFlags = ["repair", "json"]

  @Argument(
    help: ArgumentHelp("Cassettes and folders of cassettes.", valueName: "path"),
    completion: .cassette)
  var paths: [String]

  @Flag(help: "Repair what can be repaired.")
  var repair = false

  @Option(
    help: ArgumentHelp(
      "Fail for exchanges that were recorded longer ago, like 90d, or at no known date.",
      valueName: "duration"))
  var maxAge: String?

  @Flag(help: "Print JSON for machines, one object for each cassette, one per line.")
  var json = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    let limits = try self.limits.limits()
    let age = try maxAge.map { try OptionValue.age($0, "--max-age") }
    var codes: Set<Failure.Code> = []
    for path in paths {
      var found = CassettePath.Found()
      codes.formUnion(
        Self.failures { found = try CassettePath.search(path, includingUnfinished: true) })
      found.notes.forEach(Console.warn)
      for file in found.files { codes.formUnion(check(file.path, limits, age)) }
    }
    let worst = [Failure.Code.badData, .noInput, .didNotHold].first(where: codes.contains)
    if let worst { throw ExitCode(worst.rawValue) }
  }

  /// Does something to one cassette or folder; where that fails it is said, and the next one comes.
  private static func failures(in body: () throws -> Void) -> Set<Failure.Code> {
    do {
      try body()
      return []
    } catch {
      let failure = Failure(error)
      Console.warn(failure.description)
      return [failure.code]
    }
  }

  /// Checks one cassette, and says why the exit code is not 0.
  private func check(
    _ path: String, _ limits: CassetteLimits, _ age: Microseconds?
  ) -> Set<Failure.Code> {
    // What cannot be mended is looked at all the same.
    var codes = Self.failures {
      if repair { show(try CassetteChecker.repair(path: path, limits: limits)) }
    }
    guard !codes.contains(.noInput) else { return codes }
    var report: CheckReport?
    var further: [CheckFinding] = []
    var number = 0
    codes.formUnion(
      Self.failures {
        report = try CassetteChecker.check(path: path, limits: limits) {
          number += 1
          further += findings(in: $0, number: number, age)
          return ExchangeMessage(of: $0).remarks
        }
        report?.findings += further
      })
    guard let report else { return codes }
    show(report)
    if report.findings.contains(where: { $0.kind == .damage }) { codes.insert(.badData) }
    if !report.isGood { codes.insert(.didNotHold) }
    return codes
  }

  /// How old an exchange is, and the form that its provider had then.
  private func findings(
    in exchange: Exchange, number: Int, _ limit: Microseconds?
  ) -> [CheckFinding] {
    var findings = ProviderShape.remarks(on: exchange).map {
      CheckFinding(.shape, $0, exchange: number)
    }
    if let limit, let maxAge,
      let age = ExchangeAge.finding(
        in: exchange, number: number, limit: limit, as: maxAge, now: Timestamp.now())
    {
      findings.append(age)
    }
    return findings
  }

  private func show(_ report: CheckReport) {
    if json {
      Console.write(Self.page(of: report).bytes + [UInt8(ascii: "\n")])
      return
    }
    let terminal = Terminal.output
    let state = report.isGood ? "good" : "not good"
    let exchanges = TextForm.count(report.exchanges, "exchange")
    for line in terminal.wrapped("\(report.path): \(state), \(exchanges)", indent: 4) {
      Console.print(terminal.styled(line, report.isGood ? .green : .red))
    }
    for finding in report.findings {
      terminal.wrapped("  \(finding.kind.rawValue): \(finding)", indent: 4).forEach(Console.print)
    }
  }

  private func show(_ report: RepairReport) {
    // Standard output is for what the check found then, where a machine reads it.
    guard !json else { return }
    for spool in report.adopted { Console.print("\(report.path): added \(spool)") }
    for spool in report.superfluous {
      Console.print("\(report.path): removed \(spool), whose exchange it already has")
    }
    if let original = report.original {
      Console.print("\(report.path): repaired; the old file is kept as \(original)")
    }
    if report.lostBytes > 0 {
      Console.print(
        "\(report.path): \(TextForm.count(report.lostBytes, "byte")) went to \(report.lostPath)")
    }
  }

  private static func page(of report: CheckReport) -> JSONValue {
    .object([
      .init("path", .string(report.path)),
      .init("good", .bool(report.isGood)),
      .init("exchanges", .number(report.exchanges)),
      .init(
        "findings",
        .array(
          report.findings.map { finding in
            .object([
              .init("kind", .string(finding.kind.rawValue)),
              .init("exchange", finding.exchange.map { .number($0) } ?? .null),
              .init("text", .string(finding.text)),
            ])
          })),
    ])
  }
}
