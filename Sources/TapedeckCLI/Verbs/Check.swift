import ArgumentParser
import Cassettes
import LosslessJSON
import Planning

/// `tapedeck check`: integrity, grammar, secrets.
struct Check: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check cassettes: integrity, grammar, secrets, endings.",
    discussion: """
      Reports for each cassette what is damaged, what is odd about its streams, \
      what looks like a secret, what is not fit for a fixture, and which \
      recordings were never finished. --repair mends what can be mended, adds \
      unfinished recordings, and keeps a copy of the old file beside it.

        tapedeck check cassettes
        tapedeck check --repair hello.tape

      Exit codes: 65 if a cassette is damaged, else 1 if one is not fit for a \
      fixture. Grammar, incomplete messages, and requests of which only failures \
      are recorded are reported but do not change the exit code.
      """)

  static let settableOptions = LimitOptions.names
  static let settableFlags = ["repair", "json"]

  @Argument(
    help: ArgumentHelp("Cassettes and folders of cassettes.", valueName: "path"),
    completion: .cassette)
  var paths: [String]

  @Flag(help: "Repair what can be repaired.")
  var repair = false

  @Flag(help: "Print JSON for machines, one object for each cassette, one per line.")
  var json = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    let limits = try self.limits.limits()
    var codes: Set<Failure.Code> = []
    for path in paths {
      var found = CassettePath.Found()
      codes.formUnion(
        Self.failures { found = try CassettePath.search(path, includingUnfinished: true) })
      found.notes.forEach(Console.warn)
      for file in found.files { codes.formUnion(check(file.path, limits)) }
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
  private func check(_ path: String, _ limits: CassetteLimits) -> Set<Failure.Code> {
    // What cannot be mended is looked at all the same.
    var codes = Self.failures {
      if repair { show(try CassetteChecker.repair(path: path, limits: limits)) }
    }
    guard !codes.contains(.noInput) else { return codes }
    var report: CheckReport?
    codes.formUnion(
      Self.failures {
        report = try CassetteChecker.check(path: path, limits: limits) {
          ExchangeMessage(of: $0).remarks
        }
      })
    guard let report else { return codes }
    show(report)
    if report.findings.contains(where: { $0.kind == .damage }) { codes.insert(.badData) }
    if !report.isGood { codes.insert(.didNotHold) }
    return codes
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
