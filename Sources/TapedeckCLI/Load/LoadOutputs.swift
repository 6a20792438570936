import ArgumentParser
import Load
import Loading
import Reports

/// Where the results go.
struct LoadOutputs: ParsableArguments {
  @Flag(help: "Print the results as JSON.")
  var json = false

  @Option(
    help: ArgumentHelp("Write the results as CSV.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Write a line of JSON for each stream; compressed if the name ends in .gz.",
      valueName: "file"),
    completion: .file(extensions: ["jsonl", "gz"]))
  var perRequest: String?

  @Option(
    help: ArgumentHelp("Write the histograms as an HdrHistogram log.", valueName: "file"),
    completion: .file(extensions: ["hlog"]))
  var hdr: String?

  @Option(
    help: ArgumentHelp("Write metrics in Prometheus's text format.", valueName: "file"),
    completion: .file(extensions: ["prom"]))
  var prometheus: String?

  @Option(
    help: ArgumentHelp("Write a report as an HTML page.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "Compare with an earlier run, a file that --json printed.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var against: String?

  @Flag(help: "Join results: the arguments are files that --json printed, one for each shard.")
  var merge = false

  /// The names of the options.
  static let names = ["csv", "per-request", "hdr", "prometheus", "html", "against"]

  /// The names of the flags.
  static let flags = ["json", "merge"]

  /// Makes sure that no result replaces another one, or what is read.
  func check(against paths: [String]) throws {
    try OutputFile.check(
      [csv, perRequest, hdr, prometheus, html].compactMap(\.self),
      against: paths + [against].compactMap(\.self))
    // What cannot be compared with is no reason to lose a run.
    _ = try against.map(Self.report)
  }

  /// Writes what was asked for.
  ///
  /// What cannot be written does not keep the rest from being: a run is not made twice for that.
  func write(
    _ report: LoadReport, _ summary: LoadSummary, _ results: [ObjectiveResult]
  ) throws {
    let other = try against.map(Self.report)
    var failure: (any Error)?
    func attempt(_ write: () throws -> Void) {
      do { try write() } catch { failure = failure ?? error }
    }
    attempt { try csv.map { try OutputFile.write(LoadCSV.bytes(of: report), to: $0) } }
    attempt { try hdr.map { try OutputFile.write(try HistogramLog.bytes(of: report), to: $0) } }
    attempt {
      try prometheus.map { try OutputFile.write(LoadPrometheus.bytes(of: report), to: $0) }
    }
    attempt {
      try html.map { try OutputFile.write(page(report, results, against: other), to: $0) }
    }
    if json {
      let objectives = results.map {
        LoadJSON.Objective(slo: "\($0.objective)", value: $0.value, held: $0.held)
      }
      attempt { Console.write(try LoadJSON(report, objectives: objectives).bytes()) }
    } else {
      LoadTable(report, summary, results).show(on: .output)
      if let other { LoadComparison(summary, LoadSummary(other)).show(on: .output) }
    }
    if let failure { throw failure }
  }

  /// The page for people, beside an earlier run where one is named.
  private func page(
    _ report: LoadReport, _ results: [ObjectiveResult], against other: LoadReport?
  ) -> [UInt8] {
    let objectives = results.map {
      LoadPage.Objective(text: "\($0.objective)", value: $0.valueText, isHeld: $0.held)
    }
    return LoadPage(report, objectives: objectives, against: other).bytes
  }

  /// The results of the shards of a run, as one.
  func merged(_ paths: [String]) throws -> LoadReport {
    guard !paths.isEmpty else {
      throw Failure(.usage, "--merge needs files that 'tapedeck load --json' printed")
    }
    let results = try paths.map { path in (file: path, report: try Self.report(path)) }
    do throws(LoadFileError) {
      return try LoadMerge.merged(results)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  /// What `--json` printed to a file.
  private static func report(_ path: String) throws -> LoadReport {
    let bytes = try InputFile.read(path, limitBytes: LoadJSON.limitBytes)
    do throws(LoadFileError) {
      return try LoadJSON.report(bytes, file: path)
    } catch {
      throw Failure(.badData, "\(error)")
    }
  }

  /// Where each stream is written down, or nil.
  func recordFile() throws -> StreamRecordFile? {
    try perRequest.map { try StreamRecordFile($0) }
  }
}
