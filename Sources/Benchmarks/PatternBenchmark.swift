internal import Cassettes
internal import Patterns
internal import Redaction

/// What a pattern of a user costs for each byte of a body: of a table of patterns that a search by
/// trial takes minutes for, and of common ones.
struct PatternBenchmark {
  private let rounds = 3
  private let bytesAtLeast = 40_000

  private let patterns = [
    "[a-z]+@x", "(?:a+)+b", "(?:a|aa)+b", "a*a*a*a*b", "a.{50}b", "(?:(a)c)*b", "(?:(a)b)*c",
    "a.{200}b", "(?:a|b)*a(?:a|b){300}c", "[a-z]{1,1000}@", "a.*b|a", "(a|ab)*(b|ba)*c",
    "\"user\":\"([^\"]+)\"", "[\\w.-]+@[\\w.-]+", "\\b(?:acme|globex)-(\\d{4,12})\\b",
  ]

  private let texts = ["a", "ab", #"{"user":"bob","text":"to a.b-c@d.example or acme-12345, "},"#]

  /// - Throws: What is wrong with a pattern.
  func run() throws -> String {
    var lines: [String] = []
    var costs: [String] = []
    for pattern in patterns {
      let rules = RedactionRules(patterns: [try Pattern(pattern)])
      let cost = texts.map { nanosecondsAByte($0, rules) }.max() ?? 0
      lines.append("patterns: \(rounded(cost)) ns a byte for \(pattern)")
      costs.append("\(rounded(cost))")
    }
    return (lines + ["[" + costs.joined(separator: ",") + "]"]).joined(separator: "\n")
  }

  private func nanosecondsAByte(_ piece: String, _ rules: RedactionRules) -> Double {
    let text = Array(String(repeating: piece, count: bytesAtLeast / piece.utf8.count + 1).utf8)
    var best = Duration.seconds(3600)
    for _ in 0..<rounds {
      best = min(
        best,
        time {
          var body = text
          Redactor.redact(body: &body, by: rules)
          return body.count
        })
    }
    return best / .nanoseconds(1) / Double(text.count)
  }
}
