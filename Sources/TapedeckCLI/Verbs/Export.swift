import ArgumentParser
import Cassettes
import Formats
import Libc
import LosslessJSON
import Planning

/// `tapedeck export`: a cassette as a file of another tool.
struct Export: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a cassette as a file for other tools: HAR, VCR.py, asciinema and more.",
    discussion: """
      The formats:

      \(Self.list)

      What a format cannot hold is said on standard error, a line for each thing. \
      Nothing that was redacted comes back.

        tapedeck export har hello.tape -o hello.har
        tapedeck export vcr hello.tape -o tests/cassettes/hello.yaml
        tapedeck export sse hello.tape --exchange 1 > body.sse
        tapedeck export asciicast hello.tape -o hello.cast --idle-time-limit 2s
      """)

  static let settableOptions = ["output", "exchange", "idle-time-limit"] + LimitOptions.names
  static let settableFlags = ["force", "json"]
  static let shortNames: [Character: String] = ["o": "output"]

  @Argument(
    help: "One of \(ExportFormats.all.map(\.name).joined(separator: ", ")).",
    completion: .list(ExportFormats.all.map(\.name)))
  var format: String

  @Argument(help: "The cassette.", completion: .cassette)
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
    completion: .file())
  var output = "-"

  @Option(help: ArgumentHelp("Only this exchange, counted from 1.", valueName: "n"))
  var exchange: Int?

  @Option(
    help: ArgumentHelp(
      "With asciicast, the longest pause that players keep, like 2s.", valueName: "duration"))
  var idleTimeLimit: String?

  @Flag(help: "Replace the file if it exists.")
  var force = false

  @Flag(help: "Print what was written, and what the format does not hold, as JSON; needs -o FILE.")
  var json = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup
  var settings: ConfigurationOption

  /// The formats, a line each.
  private static var list: String {
    let width = ExportFormats.all.map(\.name.count).max() ?? 0
    return ExportFormats.all.map { format in
      "  \(format.name)\(String(repeating: " ", count: width - format.name.count))  \(format.title)"
    }.joined(separator: "\n")
  }

  func run() throws {
    let format = try chosenFormat()
    try checkOutput()
    let options = ExportOptions(
      name: CassetteWalk.name(of: file),
      idleTimeLimit: try idleTimeLimit.map { try OptionValue.duration($0, "--idle-time-limit") })
    var draft = try OutputDraft(output)
    let report = try write(format, options, to: &draft)
    let bytes = draft.count
    guard try draft.commit(replacing: force) else { throw Self.exists(output) }
    report.losses.forEach { Console.warn($0) }
    guard json else { return }
    Console.write(report.json(format.name, output, bytes: bytes).bytes + [UInt8(ascii: "\n")])
  }

  private func write(
    _ format: any ExportFormat, _ options: ExportOptions, to draft: inout OutputDraft
  ) throws -> ExportReport {
    var report = ExportReport(format: format.name, file: file)
    var writer = format.makeWriter(options)
    var walk = try CassetteWalk(file: file, exchange: exchange, limits: limits)
    var held: (number: Int, exchange: Exchange)?
    while let (number, exchange) = try walk.next() {
      if let reason = format.refusal(of: exchange) {
        report.refuse(number, reason)
        continue
      }
      guard held == nil || !format.holdsOne else {
        throw Failure(
          .usage,
          "\(file) has more than one exchange, and \(format.name) holds one: choose it with "
            + "--exchange N")
      }
      report.take(number, lost: format.losses(of: exchange))
      if format.holdsOne {
        held = (number, exchange)
      } else {
        try writer.write(exchange, number: number) { try draft.write($0) }
        Console.progress("\(number) exchanges")
      }
    }
    if let held {
      try writer.write(held.exchange, number: held.number) { try draft.write($0) }
    }
    guard report.count > 0 else { throw report.nothing }
    try writer.finish { try draft.write($0) }
    Console.progress("")
    return report
  }

  private func chosenFormat() throws -> any ExportFormat {
    guard let chosen = ExportFormats.named(format) else {
      let names = ExportFormats.all.map(\.name)
      throw Failure(
        .usage,
        "there is no format '\(TextForm.excerpt(format, limit: 40))'"
          + "\(Spelling.advice(on: format, among: names))")
    }
    return chosen
  }

  private func checkOutput() throws {
    guard !output.isEmpty else { throw Failure(.usage, "-o needs the name of a file") }
    guard !json || output != "-" else {
      throw Failure(.usage, "--json prints on standard output: name the file with -o FILE")
    }
    guard output != "-" else { return }
    try OutputFile.check([output], against: [file])
    if !force, access(output, F_OK) == 0 { throw Self.exists(output) }
  }

  private static func exists(_ path: String) -> Failure {
    Failure(.usage, "\(path) exists: choose another name, or replace it with --force")
  }
}
