import ArgumentParser
import Cassettes
import Patterns
import Redaction

/// What is never written down, beside what tapedeck knows to be a secret.
struct RedactionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Cover what this regular expression matches, or of one with groups what they match, wherever it \
      stands; may repeat.
      """, valueName: "regex"))
  var redact: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Cover this value of JSON bodies and events, like /metadata/user_id or /messages/*/content; may \
      repeat.
      """, valueName: "pointer"))
  var redactJson: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep this header as it is, whatever it holds, unless --redact covers it; may repeat.",
      valueName: "name"))
  var keepHeader: [String] = []

  /// The names of the options.
  static let names = ["redact", "redact-json", "keep-header"]

  /// Those of them that may repeat.
  static let repeatable = names

  /// What was chosen.
  func rules() throws -> RedactionRules {
    RedactionRules(
      patterns: try redact.enumerated().map { number, text in
        do {
          return try Pattern(text)
        } catch {
          // What stands there may be the secret.
          throw Failure(.usage, "--redact: number \(number + 1): \(error)")
        }
      },
      pointers: try OptionValue.parsed("--redact-json") {
        try redactJson.map(RedactionPointer.init(parsing:))
      },
      keptHeaders: try keepHeader.map(name))
  }

  private func name(_ text: String) throws -> String {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3A }) else {
      throw Failure(.usage, "--keep-header: it takes the name of a header alone, like x-request-id")
    }
    return text
  }
}
