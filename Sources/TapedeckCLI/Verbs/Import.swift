import ArgumentParser
import Cassettes
import Formats
import Libc
import LosslessJSON
import Planning

#if canImport(CLinux)
  import CLinux
#endif

/// `tapedeck import`: files of other tools as a cassette.
struct Import: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import what other tools recorded: curl, VCR, HAR, mocks, captures.",
    discussion: """
      The format of a file is recognized by how the file begins; --from \
      overrules that. What a file does not say is made up and marked: times \
      come from --pace. Secrets are replaced on the way in.

        curl -N --trace-time --trace capture.txt ...
        tapedeck import capture.txt -o capture.tape
        tapedeck import tests/cassettes/ -o tapes/
        tapedeck import '*.har' -o sessions.tape --select 2-5

      With -o FOLDER/ (or a folder that exists) each file becomes a cassette of \
      its own. A file that cannot be read is reported, and the others are \
      imported.

      Exit codes: 64 if a cassette exists and --append is not given, 65 if a file \
      cannot be read as a format, 66 if it is not there.
      """)

  static let settableOptions =
    ["output", "from", "pace", "select"] + RedactionOptions.names
  static let repeatableOptions = ["select"] + RedactionOptions.repeatable
  static let settableFlags = ["append", "json"]
  static let shortNames: [Character: String] = ["o": "output"]

  @Argument(
    help: ArgumentHelp(
      "Files, folders of files, and patterns like '*.har'; - is standard input.",
      valueName: "file"),
    completion: .file())
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The cassette, or a folder of cassettes.", valueName: "file"),
    completion: .cassette)
  var output: String

  @Option(
    help: ArgumentHelp(
      "The format: \(ImportFormats.names.joined(separator: ", ")).", valueName: "format"),
    completion: .list(ImportFormats.names))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "The times where a file has none: ttft:300ms,rate:50/s by default, gap:20ms, instant, "
        + "model:… or like:CASSETTE.", valueName: "pace"))
  var pace: String?

  @Option(
    help: ArgumentHelp(
      "The URL that was asked, where the file does not say it.", valueName: "url"))
  var url: String?

  @Option(
    help: ArgumentHelp(
      "Import only these exchanges of each file, like 2 or 1-3,7-; may repeat.", valueName: "n"))
  var select: [String] = []

  @Flag(help: "Add to the cassette if it exists.")
  var append = false

  @Flag(help: "Print JSON for machines, one object for each file, one per line.")
  var json = false

  @OptionGroup(title: "Secrets")
  var redaction: RedactionOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    #if canImport(CLinux)
      tapedeck_return_large_memory()
    #endif
    // What is asked for wrongly is said before a folder is walked through.
    let run = try makeRun()
    let sources = ImportSources(files)
    sources.notes.forEach(Console.warn)
    var imported: [ImportedFile] = []
    for source in sources.files {
      let file = run.take(source)
      show(file)
      imported.append(file)
    }
    sources.failures.forEach { Console.warn($0.description) }
    try run.finish()
    if !json { ImportSummary(imported, target: output).show() }
    let codes = (sources.failures + imported.compactMap(\.failure)).map(\.code)
    let worst = [Failure.Code.bug, .usage, .didNotHold, .badData, .noInput].first(
      where: codes.contains)
    if let worst { throw ExitCode(worst.rawValue) }
    if imported.allSatisfy(\.exchanges.isEmpty) {
      throw Failure(
        .badData,
        "expected a file of a known format, found none: name one, or its format with --from")
    }
  }

  private func show(_ file: ImportedFile) {
    if json { Console.write(file.json.bytes + [UInt8(ascii: "\n")]) }
    if let failure = file.failure { Console.warn(failure.description) }
    for note in file.notes { Console.warn("\(file.path): \(note)") }
    for (loss, numbers) in file.losses {
      let which =
        file.exchanges.count == 1
        ? "" : numbers.count == 1 ? "exchange \(numbers[0]): " : "\(numbers.count) exchanges: "
      Console.warn("\(file.path): \(which)\(loss)")
    }
  }

  private func makeRun() throws -> ImportRun {
    guard !output.isEmpty else { throw Failure(.usage, "-o needs the name of a cassette") }
    let formats = from.map(ImportFormats.named) ?? ImportFormats.all
    guard !formats.isEmpty else {
      let name = from ?? ""
      throw Failure(
        .usage,
        "--from: there is no format '\(name)'\(Spelling.advice(on: name, among: ImportFormats.names))"
      )
    }
    let isFolder = output.hasSuffix("/") || CassettePath.isFolder(output)
    if !isFolder, !append, access(output, F_OK) == 0 {
      throw Failure(.usage, "\(output) exists: choose another name, or add to it with --append")
    }
    if !isFolder { try CassetteFile.checkTarget(output) }
    let pace = try chosenPace()
    let samples = try PlanningOptions.samples(for: pace, beside: output, CassetteLimits())
    let finisher = CaptureFinisher(
      pace: pace, samples: samples, url: try url.map(Self.checkedURL), rules: try redaction.rules())
    let folder = output.hasSuffix("/") && output.count > 1 ? String(output.dropLast()) : output
    return ImportRun(
      into: isFolder ? .folder(folder) : .cassette(output), appending: append, as: formats,
      finisher: finisher, selection: try ImportSelection(parsing: select))
  }

  private static func checkedURL(_ url: String) throws -> String {
    let lower = url.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
      throw Failure(.usage, "--url needs an absolute URL, like https://api.example.com/v1/messages")
    }
    return url
  }

  private func chosenPace() throws -> Pace {
    guard let pace else { return CaptureFinisher.defaultPace }
    let chosen = try OptionValue.parsed("--pace") { try Pace(parsing: pace) }
    switch chosen.kind {
    case .gap, .rate, .instant, .model, .like: return chosen
    case .recorded, .speed:
      throw Failure(
        .usage,
        "--pace \(pace) makes no times: say gap:20ms, ttft:300ms,rate:50/s, instant, model:… or "
          + "like:CASSETTE")
    }
  }
}
