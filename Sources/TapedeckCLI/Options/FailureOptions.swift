import ArgumentParser
import Deck

/// What of a deck's life ends it with exit code 1.
struct FailureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Exit with 1 and list what was found, if any of these happened: refused (wrong directives), \
      unfired (a fault that never fired), miss, loose, unplayed, lost, conduct (retries that are too \
      soon, too many or in vain); or none. By default lost, and with a command refused,unfired,miss \
      too.
      """, valueName: "list"), completion: .choice(DeckFailure.self, and: ["none"]))
  var failOn: [String] = []

  @Flag(help: "Add miss to --fail-on.")
  var failOnMiss = false

  @Flag(help: "Add loose to --fail-on.")
  var failOnLoose = false

  @Flag(help: "Add unplayed to --fail-on.")
  var failOnUnplayed = false

  /// The names of the options that take a value.
  static let names = ["fail-on"]

  /// Those of them that may repeat.
  static let repeatable = ["fail-on"]

  /// The names of the flags.
  static let flags = ["fail-on-miss", "fail-on-loose", "fail-on-unplayed"]

  /// What was chosen.
  ///
  /// - Parameter hasCommand: Whether a command is run, whose tests must not pass by accident.
  /// - Returns: The kinds of failure that count.
  /// - Throws: What is wrong with the list.
  func kinds(hasCommand: Bool) throws -> Set<DeckFailure> {
    var kinds = try chosen() ?? (hasCommand ? [.refused, .unfired, .miss, .lost] : [.lost])
    if failOnMiss { kinds.insert(.miss) }
    if failOnLoose { kinds.insert(.loose) }
    if failOnUnplayed { kinds.insert(.unplayed) }
    return kinds
  }

  private func chosen() throws -> Set<DeckFailure>? {
    guard !failOn.isEmpty else { return nil }
    let words = failOn.flatMap { list in
      list.split(separator: ",", omittingEmptySubsequences: false)
        .map { String($0.drop { $0 == " " }) }
    }
    if words == ["none"] { return [] }
    return Set(try words.map(kind))
  }

  private func kind(_ word: String) throws -> DeckFailure {
    if let kind = DeckFailure(rawValue: word) { return kind }
    let names = DeckFailure.allCases.map(\.rawValue).joined(separator: ", ")
    let found =
      switch word {
      case "none": "'none' cannot be combined with others"
      default: "'\(word)' is not a kind of failure"
      }
    throw Failure(
      .usage, "--fail-on: \(found): there are \(names), joined by commas, or none alone")
  }
}
