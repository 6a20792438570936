import ArgumentParser
import Cassettes
import Deck
import LosslessJSON
import Matching
import Planning
import Redaction

/// Which exchange answers a request, and what becomes of one that none does.
struct MatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What matches: any, or body for equal request bodies only.", valueName: "what"),
    completion: .list(["any", "body"]))
  var match: String = "any"

  @Option(
    help: ArgumentHelp(
      "A header field whose value must be equal too; may repeat.", valueName: "name"))
  var matchHeader: [String] = []

  @Option(
    help: ArgumentHelp(
      "Ignore the value at this JSON pointer in bodies, * for every key or index; may repeat.",
      valueName: "pointer"))
  var matchIgnore: [String] = []

  @Option(
    help: ArgumentHelp(
      "Treat values that change on every run as equal: uuid, date, id or all; may repeat.",
      valueName: "what"), completion: .choice(Normalization.self, and: ["all"]))
  var matchNormalize: [String] = []

  @Option(
    help: ArgumentHelp("The status of a miss: 404 or 599, 404 by default.", valueName: "code"),
    completion: .list(["404", "599"]))
  var onMiss: Int?

  @Flag(help: "Reload cassettes that change on disk.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "The most memory for recordings made while serving, 512MiB by default.", valueName: "size"))
  var maxRecorded: String?

  /// The names of the options that take a value.
  static let names = [
    "match", "match-header", "match-ignore", "match-normalize", "on-miss", "max-recorded",
  ]

  /// Those of them that may repeat.
  static let repeatable = ["match-header", "match-ignore", "match-normalize"]

  /// The names of the flags.
  static let flags = ["watch"]

  /// What takes part when requests are compared.
  ///
  /// - Parameter rules: What is covered before, as it is in recordings.
  /// - Returns: The comparison.
  /// - Throws: What is wrong with an option.
  func comparison(redacting rules: RedactionRules) throws -> Comparison {
    if let name = matchHeader.first(where: { $0.isEmpty || $0.contains(where: Self.isForeign) }) {
      throw Failure(
        .usage, "--match-header: '\(name)' is not a header name: write the name without a value")
    }
    return try Comparison(
      ignoring: try OptionValue.parsed("--match-ignore") {
        try matchIgnore.map(JSONPointer.init(parsing:))
      }, headers: matchHeader,
      normalizing: try OptionValue.parsed("--match-normalize") {
        try matchNormalize.reduce(into: []) { chosen, text in
          chosen.formUnion(try Normalization.set(parsing: text))
        }
      }, redacting: rules)
  }

  /// Whether no header name has such a character, though a header line may.
  private static func isForeign(_ character: Character) -> Bool {
    character == ":" || character.isWhitespace
  }

  /// Puts what was chosen into a configuration.
  func set(_ configuration: inout DeckConfiguration) throws {
    guard match == "any" || match == "body" else {
      throw Failure(
        .usage, "--match \(match)\(Spelling.advice(on: match, among: ["any", "body"]))")
    }
    configuration.matchesBody = match == "body"
    if let onMiss {
      guard [404, 599].contains(onMiss) else {
        throw Failure(.usage, "--on-miss \(onMiss) is not 404 or 599")
      }
      configuration.missStatus = onMiss
    }
    if let maxRecorded {
      configuration.limits.recordedBytes = try OptionValue.size(maxRecorded, "--max-recorded")
    }
  }
}
