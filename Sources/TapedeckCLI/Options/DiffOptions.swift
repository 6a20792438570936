import ArgumentParser
import Comparing
import Planning

/// What of two exchanges is compared, and how closely.
struct DiffOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Leave out differences of these kinds, like text,timing: \
      \(DifferenceKind.allCases.map(\.rawValue).joined(separator: ", ")); may repeat.
      """, valueName: "kinds"),
    completion: .choice(DifferenceKind.self))
  var ignore: [String] = []

  @Flag(help: "Compare ids, dates and all else that differs by nature, and times exactly.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "By how much times may differ, 25% by default.", valueName: "percentage"))
  var tolerance: String?

  /// The names of the options that take a value.
  static let names = ["ignore", "tolerance"]

  /// Those of them that may repeat.
  static let repeatable = ["ignore"]

  /// The names of the flags.
  static let flags = ["strict"]

  /// The kinds that are left out.
  func ignored() throws -> Set<DifferenceKind> {
    let names = DifferenceKind.allCases.map(\.rawValue)
    return Set(
      try ignore.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
        name in
        let name = String(name)
        guard let kind = DifferenceKind(rawValue: name) else {
          throw Failure(
            .usage,
            "--ignore: there is no kind '\(TextForm.excerpt(name, limit: 60))'"
              + "\(Spelling.advice(on: name, among: names))")
        }
        return kind
      })
  }

  /// The rules that were chosen.
  func rules(isDrift: Bool) throws -> DiffRules {
    let tolerance = try tolerance.map { text in
      try OptionValue.parsed("--tolerance") { try Quantity.percentage(text) }
    }
    return DiffRules(
      ignoring: try ignored(), isStrict: strict, isDrift: isDrift,
      tolerance: tolerance ?? DiffRules.usualTolerance)
  }
}
