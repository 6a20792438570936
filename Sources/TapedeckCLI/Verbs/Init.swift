import ArgumentParser
import Deck
import LosslessJSON
import Planning

/// `tapedeck init`: the files with which the tests of a project begin.
struct Init: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Set up a project: settings, a sample cassette, first tests, a CI job.",
    discussion: """
      Looks at the folder for how its tests are run (pytest, vitest, jest, node, \
      Swift Testing), which SDK it uses (anthropic, openai, google-genai) and \
      where its CI runs, and says why it believes so. Then it writes tapedeck.json, \
      a cassette, tests that pass offline, a CI job and .gitattributes.

      A file that exists is never changed: init says what to add to it. Nothing of \
      the folder is run, and nothing outside of it is read or written.

        tapedeck init
        tapedeck init --dry-run
        tapedeck init services/chat --language python --ci gitlab
        tapedeck init --upstream https://api.anthropic.com
      """)

  static let settableOptions = ["language", "ci", "upstream"]
  static let repeatableOptions = ["language"]
  static let settableFlags = ["dry-run", "json"]

  @Argument(help: ArgumentHelp("The project.", valueName: "folder"), completion: .directory)
  var folder = "."

  @Option(
    help: ArgumentHelp(
      "How the tests are run: \(TestKind.names); may repeat.", valueName: "language"),
    completion: .list(TestKind.allCases.map(\.rawValue)))
  var language: [String] = []

  @Option(
    help: ArgumentHelp("Where the CI runs: \(CIService.names) or none.", valueName: "service"),
    completion: .list(CIService.allCases.map(\.rawValue) + ["none"]))
  var ci: String?

  @Option(
    help: ArgumentHelp("The API that recordings are made of, for tapedeck.json.", valueName: "url"))
  var upstream: String?

  @Flag(help: "Write nothing: show what would be written.")
  var dryRun = false

  @Flag(help: "Print JSON for machines.")
  var json = false

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    let kinds = try language.map(Self.kind)
    let service = try ci.map(Self.service)
    if let upstream {
      var upstreams = Upstreams()
      try upstreams.add(parsing: upstream)
    }
    let project = try ProjectFolder(folder)
    let survey = Survey(of: project, chosen: kinds, service: service, upstream: upstream)
    let kit = StarterKit(
      survey: survey, upstream: upstream, isModule: NodeClues.isModule(project),
      packages: PackageNeeds(project))
    var report = StarterReport(
      folder: project.path, isDry: dryRun, findings: survey.findings, next: kit.next(in: project))
    let writer = StarterWriter(folder: project)
    // What is in the way of one file is said before any is written.
    let plans = try kit.files.map { ($0, try writer.state(of: $0)) }
    for (file, planned) in plans {
      let state = planned == .planned && !dryRun ? try writer.write(file) : planned
      report.files.append((state == .kept ? file.completing(project.text(file.path)) : file, state))
    }
    if json {
      Console.write(report.json.bytes + [UInt8(ascii: "\n")])
    } else {
      report.lines.forEach(Console.print)
    }
  }

  private static func unknown(
    _ name: String, of option: String, among names: [String]
  ) -> Failure {
    let advice = Spelling.advice(on: name, among: names)
    return Failure(.usage, "\(option) \(TextForm.excerpt(name, limit: 60))\(advice)")
  }

  private static func kind(_ name: String) throws -> TestKind {
    guard let kind = TestKind(rawValue: name) else {
      let names = TestKind.allCases.map(\.rawValue)
      throw unknown(name, of: "--language", among: names)
    }
    return kind
  }

  private static func service(_ name: String) throws -> CIService? {
    if name == "none" { return nil }
    guard let service = CIService(rawValue: name) else {
      let names = CIService.allCases.map(\.rawValue) + ["none"]
      throw unknown(name, of: "--ci", among: names)
    }
    return service
  }
}

extension TestKind {
  fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension CIService {
  fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
