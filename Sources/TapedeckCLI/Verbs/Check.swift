import ArgumentParser
import Cassettes
import JSON

/// `tapedeck check`: integrity, grammar, secrets.
struct Check: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    abstract: "Check cassettes: integrity, grammar, secrets, endings.",
    discussion: """
      Says of each cassette what is damaged, what is odd about its streams, what
      looks like a secret, and what is not fit for a fixture; and names recordings
      that were never finished. --repair makes a damaged cassette whole, as far as
      it goes, adds unfinished recordings to it, and keeps the file as it was
      beside it.

        tapedeck check cassettes
        tapedeck check --repair hello.tape

      Exit codes: 65 where a cassette is damaged, else 1 where one is not fit for
      a fixture; grammar is only mentioned, since the recording is true.
      """)

  static let settableOptions = LimitOptions.names
  static let settableFlags = ["repair", "json"]

  @Argument(help: ArgumentHelp("Cassettes, and folders of them.", valueName: "path"))
  var paths: [String]

  @Flag(help: "Mend what can be mended.")
  var repair = false

  @Flag(help: "Print JSON for machines, one object a cassette, one a line.")
  var json = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    let limits = try self.limits.limits()
    var isDamaged = false
    var isUnfit = false
    for path in paths {
      for file in try CassettePath.files(at: path, includingUnfinished: true) {
        if repair { show(try CassetteChecker.repair(path: file.path, limits: limits)) }
        let report = try CassetteChecker.check(path: file.path, limits: limits)
        isDamaged = isDamaged || report.findings.contains { $0.kind == .damage }
        isUnfit = isUnfit || !report.isGood
        show(report)
      }
    }
    if isDamaged { throw ExitCode(Failure.Code.badData.rawValue) }
    if isUnfit { throw ExitCode(Failure.Code.didNotHold.rawValue) }
  }

  private func show(_ report: CheckReport) {
    if json {
      Console.write(Self.page(of: report).bytes + [UInt8(ascii: "\n")])
      return
    }
    let terminal = Terminal.output
    let state = report.isGood ? "good" : "not good"
    let noun = report.exchanges == 1 ? "exchange" : "exchanges"
    for line in terminal.wrapped(
      "\(report.path): \(state), \(report.exchanges) \(noun)", indent: 4)
    {
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
      Console.print("\(report.path): removed \(spool), whose exchange it has already")
    }
    if let original = report.original {
      Console.print("\(report.path): repaired; the file as it was is \(original)")
    }
    if report.lostBytes > 0 {
      Console.print("\(report.path): \(report.lostBytes) bytes went to \(report.path).lost")
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
