import ArgumentParser
import Cassettes
import Patterns
import Redaction

/// What is never written down, beside what tapedeck knows to be a secret.
struct RedactionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Replace text that matches this regular expression or, if it has groups, only what they match; \
      may repeat.
      """, valueName: "regex"))
  var redact: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Replace this value in JSON bodies and events, like /metadata/user_id or \
      /messages/*/content; may repeat.
      """, valueName: "pointer"))
  var redactJson: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep this header unchanged, unless --redact matches it; may repeat.",
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
      throw Failure(.usage, "--keep-header takes only the name of a header, like x-request-id")
    }
    return text
  }
}
