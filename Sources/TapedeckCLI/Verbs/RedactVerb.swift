import ArgumentParser
import Cassettes
import LosslessJSON
import Redaction

/// `tapedeck redact`: cover the secrets of cassettes, in place.
struct RedactVerb: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "redact",
    abstract: "Cover secrets in cassettes, in place.",
    discussion: """
      Replaces each byte of what 'tapedeck check' reports as a secret by '*', \
      also of text that is joined across the events of a stream, and of what \
      your own rules name. Lengths, times and everything else stay as they are. \
      A cassette without secrets is not touched.

        tapedeck redact cassettes
        tapedeck redact --dry-run cassettes
        tapedeck redact --redact 'user_[0-9]+' hello.tape

      The file is replaced at once, and no copy of the old one is kept: earlier \
      commits and backups may still hold the secret, so revoke it.

      Exit codes: 65 if a cassette is damaged, which leaves it unchanged; with \
      --dry-run, 1 if there is something to cover.
      """)

  static let settableOptions = RedactionOptions.names + LimitOptions.names
  static let repeatableOptions = RedactionOptions.repeatable
  static let settableFlags = ["dry-run", "json"]

  @Argument(
    help: ArgumentHelp("Cassettes and folders of cassettes.", valueName: "path"),
    completion: .cassette)
  var paths: [String]

  @Flag(help: "Change nothing; exit with 1 if there is something to cover.")
  var dryRun = false

  @Flag(help: "Print JSON for machines, one object for each cassette, one per line.")
  var json = false

  @OptionGroup(title: "Secrets")
  var redaction: RedactionOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    let redaction = CassetteRedaction(
      rules: try self.redaction.rules(), limits: try self.limits.limits())
    var codes: Set<Failure.Code> = []
    for path in paths {
      var found = CassettePath.Found()
      codes.formUnion(Self.failures { found = try CassettePath.search(path) })
      found.notes.forEach(Console.warn)
      for file in found.files {
        codes.formUnion(redact(file.path, redaction))
      }
    }
    let worst = [Failure.Code.badData, .noInput, .didNotHold].first(where: codes.contains)
    if let worst { throw ExitCode(worst.rawValue) }
  }

  /// Redacts one cassette, and says why the exit code is not 0.
  private func redact(_ path: String, _ redaction: CassetteRedaction) -> Set<Failure.Code> {
    var report: RedactionReport?
    let codes = Self.failures { report = try redaction.redact(path: path, isTrial: dryRun) }
    guard let report else { return codes }
    show(report)
    return dryRun && report.isChanged ? [.didNotHold] : codes
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

  private func show(_ report: RedactionReport) {
    report.notes.forEach(Console.warn)
    if json {
      Console.write(page(of: report).bytes + [UInt8(ascii: "\n")])
      return
    }
    let terminal = Terminal.output
    let exchanges = TextForm.count(report.exchanges, "exchange")
    let secrets = TextForm.count(report.covered.reduce(0) { $0 + $1.count }, "secret")
    let state =
      !report.isChanged
      ? "nothing to cover in \(exchanges)"
      : (dryRun ? "\(secrets) to cover" : "covered \(secrets)")
        + " in \(report.changed.count) of \(exchanges)"
    for line in terminal.wrapped("\(report.path): \(state)", indent: 4) {
      Console.print(terminal.styled(line, report.isChanged ? .red : .green))
    }
    for found in report.covered {
      let exchange = found.exchange.map { "exchange \($0): " } ?? ""
      let count = found.count > 1 ? " (\(found.count))" : ""
      terminal.wrapped("  \(exchange)\(found.place): \(found.words)\(count)", indent: 4)
        .forEach(Console.print)
    }
  }

  private func page(of report: RedactionReport) -> JSONValue {
    .object([
      .init("path", .string(report.path)),
      .init("changed", .bool(report.isChanged && !dryRun)),
      .init("exchanges", .number(report.exchanges)),
      .init(
        "covered",
        .array(
          report.covered.map { found in
            .object([
              .init("exchange", found.exchange.map { .number($0) } ?? .null),
              .init("kind", .string(found.kind)),
              .init("place", .string(found.place)),
              .init("count", .number(found.count)),
            ])
          })),
    ])
  }
}
