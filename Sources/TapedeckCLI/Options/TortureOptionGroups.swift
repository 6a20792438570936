import ArgumentParser
import Cassettes
import Judging
import Matching
import Planning
import Reports
import Torture

/// Which cases a client is run through.
struct TortureChoice: ParsableArguments {
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp(
      "Only cases that match, like 'cut/*' or anthropic-text/cut/reset; may repeat.",
      valueName: "glob"))
  var cases: [String] = []

  @Option(help: ArgumentHelp("Leave out cases that match; may repeat.", valueName: "glob"))
  var exclude: [String] = []

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "Only cases of these classes: benign, breaking, undetectable.", valueName: "list"),
    completion: .list(["benign", "breaking", "undetectable"]))
  var classes: [String] = []

  @Option(
    help: ArgumentHelp(
      "Run one case with these faults instead, like end@event:5; may repeat.",
      valueName: "fault"),
    completion: .fault)
  var fault: [String] = []

  @Option(
    help: ArgumentHelp(
      "telling (the default), or all: every byte of the body.", valueName: "places"),
    completion: .choice(CasePlaces.self))
  var places: String?

  @Option(help: ArgumentHelp("The seed of the order of cases, 0 by default.", valueName: "n"))
  var seed: String?

  @Flag(help: "List the cases, and run none.")
  var list = false

  @Flag(help: "Do everything but run the client.")
  var dryRun = false

  /// The names of the options.
  static let names = ["case", "exclude", "class", "fault", "places", "seed"]

  /// Those of them that may repeat.
  static let repeatable = ["case", "exclude", "class", "fault"]

  /// The names of the flags.
  static let flags = ["list", "dry-run"]

  /// What was chosen.
  struct Chosen {
    /// One case without any fault for each recording.
    var plain: [TortureCase]
    /// The cases, as the catalogue has them.
    var listed: [TortureCase]
    /// The cases, in the order in which they are run.
    var cases: [TortureCase]
  }

  /// The cases of a library.
  func chosen(of library: Library, timing: CaseTiming) throws -> Chosen {
    let catalogue = CaseCatalogue(
      places: try chosenPlaces(), readTimeout: timing.readTimeout, timeScale: timing.scale)
    let recordings = library.entries.map {
      CaseRecording($0.exchange, cassette: $0.cassette, number: $0.number)
    }
    let selection = CaseSelection(
      only: cases.map(CaseGlob.init), excluding: exclude.map(CaseGlob.init),
      classes: try chosenClasses())
    let order = CaseOrder(
      seed: try seed.map { text in
        try OptionValue.parsed("--seed") { try Quantity.seed(text) }
      } ?? 0)
    let chosen = try ownCases(of: recordings) ?? cases(of: recordings, catalogue, selection)
    // A recording that no case is run on need not be right.
    let used = Set(chosen.map { "\($0.cassette) \($0.exchange)" })
    let plain = library.entries.filter { used.contains("\($0.cassette) \($0.number)") }
      .compactMap {
        catalogue.plain(of: $0.exchange, cassette: $0.cassette, number: $0.number)
      }
    return Chosen(plain: plain, listed: chosen, cases: order.spread(chosen))
  }

  private func cases(
    of recordings: [CaseRecording], _ catalogue: CaseCatalogue, _ selection: CaseSelection
  ) throws -> [TortureCase] {
    do throws(CaseSelectionError) {
      return try catalogue.cases(of: recordings, choosing: selection)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  /// The case of the faults that a user names, for each recording; nil where none is named.
  private func ownCases(of recordings: [CaseRecording]) throws -> [TortureCase]? {
    guard !fault.isEmpty else { return nil }
    guard cases.isEmpty, exclude.isEmpty, classes.isEmpty, places == nil else {
      throw Failure(
        .usage, "--fault makes a case of its own: leave out --case, --exclude, --class and --places"
      )
    }
    var directives = Directives()
    try directives.add(fault)
    let faults = directives.faults ?? []
    return try OptionValue.parsed("--fault") { try recordings.map { try $0.ownCase(faults) } }
  }

  private func chosenPlaces() throws -> CasePlaces {
    guard let places else { return .telling }
    guard let chosen = CasePlaces(rawValue: places) else {
      throw Failure(.usage, "--places '\(places)' is not known: write telling or all")
    }
    return chosen
  }

  private func chosenClasses() throws -> Set<Plan.Expectation.Outcome> {
    let words = classes.flatMap { $0.split(separator: ",").map(String.init) }
    return try words.reduce(into: []) { chosen, word in
      guard let outcome = Plan.Expectation.Outcome(rawValue: word) else {
        throw Failure(
          .usage, "--class '\(word)' is not known: write benign, breaking or undetectable")
      }
      chosen.insert(outcome)
    }
  }
}

/// How a client is run.
struct TortureRunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many cases to run at once, 2 by default.", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "How long one case may take from its first request, 10s by default.", valueName: "duration"))
  var timeout: String?

  @Option(
    help: ArgumentHelp(
      "End after this time, and say how many cases were left out.", valueName: "duration"))
  var budget: String?

  @Option(
    help: ArgumentHelp(
      "How long the client waits for more bytes: adds cases that exceed it.",
      valueName: "duration"))
  var readTimeout: String?

  @Option(
    help: ArgumentHelp("Make all pauses this many times as long.", valueName: "number"))
  var timeScale: String?

  @Option(
    help: ArgumentHelp(
      "How often a client may make a request, 10 by default.", valueName: "n"))
  var maxAttempts: Int?

  @Option(
    help: ArgumentHelp("A file of known failures.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var known: String?

  @Flag(help: "Save each kind of failure as a small cassette in the folder tapedeck-shrunk.")
  var shrink = false

  @Flag(help: "Start the command once per job, and give it base URLs on standard input.")
  var keep = false

  @Flag(help: "Run the client that is built in, and does right.")
  var builtIn = false

  /// The names of the options.
  static let names = [
    "jobs", "timeout", "budget", "read-timeout", "time-scale", "max-attempts", "known",
  ]

  /// The names of the flags.
  static let flags = ["shrink", "keep", "built-in"]

  private static let mostJobs = 256

  /// How long the pauses of cases are.
  func timing() throws -> CaseTiming {
    let scale = try timeScale.map { text in
      guard let scale = Double(text), scale.isFinite, scale > 0, scale <= 1000 else {
        throw Failure(.usage, "--time-scale '\(text)' is not a number above 0, at most 1000")
      }
      return scale
    }
    return CaseTiming(
      readTimeout: try readTimeout.map { try OptionValue.duration($0, "--read-timeout") },
      scale: scale ?? 1)
  }

  /// The options of a run.
  func options() throws -> TortureOptions {
    var options = TortureOptions()
    if let jobs { options.jobs = try positive(jobs, "--jobs") }
    guard options.jobs <= Self.mostJobs else {
      throw Failure(.usage, "--jobs \(options.jobs) is more than \(Self.mostJobs)")
    }
    if let timeout { options.timeout = try OptionValue.duration(timeout, "--timeout") }
    if let budget { options.budget = try OptionValue.duration(budget, "--budget") }
    if let maxAttempts {
      options.conduct.maxAttempts = try positive(maxAttempts, "--max-attempts")
    }
    return options
  }

  /// The options that change what a case is, or how it is judged, as they were given.
  var reproduced: [String] {
    let given = [
      ("--timeout", timeout), ("--read-timeout", readTimeout), ("--time-scale", timeScale),
      ("--max-attempts", maxAttempts.map { "\($0)" }),
    ]
    return given.flatMap { name, value in value.map { [name, $0] } ?? [] }
  }

  /// The failures that are known.
  func knownFailures() throws -> KnownFailures {
    guard let known else { return .none }
    let bytes = try InputFile.read(known, limitBytes: KnownFailures.limitBytes)
    do throws(KnownFailuresError) {
      return try KnownFailures(parsing: bytes)
    } catch {
      throw Failure(.badData, "\(known): \(error)")
    }
  }
}

/// Where the results go.
struct TortureOutputs: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write a page for people.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Option(
    help: ArgumentHelp("Write JUnit's XML, for CI.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @Option(
    help: ArgumentHelp("Write Markdown, for a pull request.", valueName: "file"),
    completion: .file(extensions: ["md"]))
  var markdown: String?

  @Flag(help: "Print the results as JSON.")
  var json = false

  @Flag(help: "Join results: the paths are files that --json printed, one for each client.")
  var merge = false

  /// The names of the options.
  static let names = ["html", "junit", "markdown"]

  /// The names of the flags.
  static let flags = ["json", "merge"]

  /// Makes sure that no report replaces another one, or what is read.
  func check(against paths: [String]) throws {
    try OutputFile.check([html, junit, markdown].compactMap(\.self), against: paths)
  }

  /// Writes what was asked for.
  func write(_ reports: [TortureReport], _ known: KnownFailures = .none) throws {
    if let html { try OutputFile.write(TorturePage(reports).bytes, to: html) }
    if let junit { try OutputFile.write(JUnitXML(reports).bytes, to: junit) }
    if let markdown { try OutputFile.write(TortureMarkdown(reports).bytes, to: markdown) }
    if json {
      let stale = known.stale(after: reports.flatMap(\.results)).map {
        TortureJSON.Stale(cases: "\($0.cases)", verdict: $0.verdict)
      }
      Console.write(TortureJSON(reports, isKnown: known.isKnown, stale: stale).bytes)
    }
    if merge, !json, html == nil, junit == nil, markdown == nil {
      for report in reports { TortureOutcome(report, .none).show(on: .output) }
    }
  }

  /// The results of earlier runs.
  func merged(_ paths: [String]) throws -> [TortureReport] {
    guard !paths.isEmpty else {
      throw Failure(.usage, "--merge needs files that 'tapedeck torture --json' printed")
    }
    return try paths.flatMap { path in
      let bytes = try InputFile.read(path, limitBytes: TortureReport.limitBytes)
      do throws(ReportError) {
        return try [TortureReport](json: bytes)
      } catch {
        throw Failure(.badData, "\(path): \(error)")
      }
    }
  }
}
