import ArgumentParser
import Cassettes
import LosslessJSON
import Planning

/// `tapedeck faults`: the catalogue.
struct Faults: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "faults",
    abstract: "List the faults, and what a client must do about each.",
    discussion: """
      What a client must do is computed by running a correct client over a \
      shipped cassette with the fault's example applied: benign means that it \
      delivers the whole message, breaking that it must retry or report, \
      undetectable that it cannot notice the change.

      --for finds faults by what you see, in your own words:

        tapedeck faults
        tapedeck faults stall
        tapedeck faults --for timeout
        tapedeck faults --for 'proxy buffers'
        tapedeck faults --json | jq -r '.faults[].name'
      """)

  static let settableOptions = ["for"]
  static let settableFlags = ["json"]

  @Argument(
    help: "Show only this fault, in detail.",
    completion: .fault)
  var name: String?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Show only faults with this symptom, like timeout or 'rate limited'.", valueName: "symptom"),
    completion: .list(FaultCatalogue.standard.symptoms.map(\.title)))
  var symptom: String?

  @Flag(help: "Print JSON for machines.")
  var json = false

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    var pages = FaultManual(on: try Sample.exchange()).pages
    if let name {
      pages.removeAll { $0.name != name }
      guard !pages.isEmpty else {
        // It says which ones are like it.
        _ = try FaultCatalogue.standard.fault(FaultSpec(parsing: name))
        return
      }
    }
    let symptoms = try symptom.map(Self.symptoms)
    if let symptoms {
      pages.removeAll { page in !symptoms.contains { page.name == $0.name } }
    }
    if let symptoms, !json {
      show(symptoms)
    } else if json {
      Console.write(FaultsJSON.page(pages).bytes + [UInt8(ascii: "\n")])
    } else if name != nil {
      pages.forEach(show)
    } else {
      showAll(pages)
    }
  }

  /// The symptoms that a text means, the likeliest first.
  private static func symptoms(of text: String) throws -> [FaultSymptom] {
    let found = FaultCatalogue.standard.symptoms(of: text)
    guard found.isEmpty else { return found }
    let words = FaultCatalogue.standard.symptoms.flatMap(\.words)
    if let meant = Spelling.nearest(to: text, among: words) {
      return FaultCatalogue.standard.symptoms(of: meant)
    }
    throw Failure(
      .usage,
      "--for: no fault has the symptom '\(TextForm.excerpt(text, limit: 60))': "
        + "'tapedeck faults' lists them all")
  }

  private func show(_ symptoms: [FaultSymptom]) {
    let terminal = Terminal.output
    var table = Table(
      headings: ["what you see", "fault", "in the base URL"], leading: 2, namesCells: false)
    table.rows = symptoms.map { symptom in
      [
        .init(symptom.title), .init(symptom.fault, .cyan),
        .init("http://127.0.0.1:\(DeckLife.defaultPort)/~fault=\(symptom.fault)"),
      ]
    }
    table.lines(on: terminal).forEach(Console.print)
  }

  private func show(_ page: FaultManual.Page) {
    let terminal = Terminal.output
    Console.print("\(terminal.styled(page.usage, .bold))\n")
    terminal.wrapped("  \(page.summary)", indent: 2).forEach(Console.print)
    Console.print("")
    var table = Table(overflow: .wraps)
    table.rows = [
      ["kind", .init(page.kind.rawValue)], ["layer", .init(page.layer.rawValue)],
      ["place", .init(page.takes)],
      ["example", .init(page.example)],
      ["does", .init(page.symptoms.map(\.title).joined(separator: "; "))],
      ["a client", .init(page.expectation.map { "\($0.outcome.rawValue): \($0.why)" } ?? "-")],
    ]
    table.lines(on: terminal, indent: 2).forEach(Console.print)
  }

  private static func style(of outcome: Plan.Expectation.Outcome) -> Terminal.Style {
    switch outcome {
    case .benign: .green
    case .breaking: .red
    case .undetectable: .yellow
    }
  }

  private func showAll(_ pages: [FaultManual.Page]) {
    let terminal = Terminal.output
    var table = Table(
      headings: ["fault", "kind", "a client", "what it does"], overflow: .wraps, namesCells: false)
    table.rows = pages.map { page in
      let outcome = page.expectation?.outcome
      return [
        .init(page.usage), .init(page.kind.rawValue),
        .init(outcome?.rawValue ?? "-", outcome.map(Self.style)), .init(page.summary),
      ]
    }
    table.lines(on: terminal).forEach(Console.print)
    var forms = Table(overflow: .wraps)
    let order = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
    forms.rows = [
      [
        "place:",
        "[in:|after:] head | event:N | type:NAME[:K] | byte:N | time:D | frac:F | end | random[:event]",
      ],
      ["on=1-2:", "the attempts on which it fires"],
      ["nth=1-2:", "the requests of the session on which it fires, whatever they ask"],
      ["order:", "\(order); the pace is set before time"],
    ]
    Console.print("")
    forms.lines(on: terminal).forEach(Console.print)
    Console.print("")
    terminal.wrapped("These contradict each other on one attempt:", indent: 2)
      .forEach(Console.print)
    for entry in Contradiction.table {
      terminal.wrapped("  \(entry.summary): \(entry.reason)", indent: 4).forEach(Console.print)
    }
  }
}
