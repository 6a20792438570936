import ArgumentParser
import Cassettes
import JSON
import Planning

/// `tapedeck faults`: the catalogue.
struct Faults: ParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    abstract: "List the faults, and what a client must do about each.",
    discussion: """
      What a client must do is computed by running a right one over a shipped
      cassette with the example applied: benign means that it delivers the whole
      message, breaking that it must retry or report, undetectable that nobody can
      tell.

        tapedeck faults
        tapedeck faults stall
        tapedeck faults --json | jq -r '.faults[].name'
      """)

  static let settableOptions: [String] = []
  static let settableFlags = ["json"]

  @Argument(help: "Only this one, with all there is to say of it.")
  var name: String?

  @Flag(help: "Print JSON for machines.")
  var json = false

  @OptionGroup
  var settings: ConfigurationOption

  func run() throws {
    var pages = FaultManual(on: try Sample.exchange()).pages
    if let name {
      pages.removeAll { $0.name != name }
      guard !pages.isEmpty else {
        let known = FaultCatalogue.standard.types.map { $0.name }.joined(separator: ", ")
        throw ValidationError("there is no fault '\(name)': there are \(known)")
      }
    }
    if json {
      Console.write(FaultsJSON.page(pages).bytes + [UInt8(ascii: "\n")])
    } else if name != nil {
      pages.forEach(show)
    } else {
      showAll(pages)
    }
  }

  private func show(_ page: FaultManual.Page) {
    let terminal = Terminal.output
    Console.print("\(terminal.styled(page.usage, .bold))\n")
    terminal.wrapped("  \(page.summary)", indent: 2).forEach(Console.print)
    Console.print("")
    var table = Table(overflow: .wraps)
    table.rows = [
      ["kind", .init(page.kind.rawValue)], ["place", .init(page.takes)],
      ["example", .init(page.example)],
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
