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
    Console.print("\(page.usage)\n")
    Console.print("  \(page.summary)\n")
    let rows = [
      ["kind", page.kind.rawValue], ["place", page.takes], ["example", page.example],
      ["a client", page.expectation.map { "\($0.outcome.rawValue): \($0.why)" } ?? "-"],
    ]
    TextForm.table(rows).forEach { Console.print("  \($0)") }
  }

  private func showAll(_ pages: [FaultManual.Page]) {
    let rows = pages.map { page in
      [page.usage, page.kind.rawValue, page.expectation?.outcome.rawValue ?? "-", page.summary]
    }
    TextForm.table([["fault", "kind", "a client", "what it does"]] + rows).forEach(Console.print)
    Console.print(
      """

      place:   [in:|after:] head | event:N | type:NAME[:K] | byte:N | time:D | frac:F | end
               | random[:event]
      on=1-2:  the attempts it fires on
      order:   \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")); the pace comes before time

      These contradict each other on one attempt:
      """)
    for entry in Contradiction.table {
      Console.print("  \(entry.summary): \(entry.reason)")
    }
  }
}
