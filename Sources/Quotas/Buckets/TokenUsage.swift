package import LosslessJSON

/// How many tokens an exchange used.
package struct TokenUsage: Hashable, Sendable {
  /// Tokens of the prompt that count against a limit, or nil where nobody said it.
  package var input: Int64?
  /// Tokens of the answer, or nil where nobody said it.
  package var output: Int64?

  /// Creates a usage of its parts.
  package init(input: Int64? = nil, output: Int64? = nil) {
    self.input = input
    self.output = output
  }

  /// Reads what an API's `usage` or `usageMetadata` says.
  ///
  /// What Anthropic's cache was read for counts against no limit; what was written to it does.
  package init(_ usage: JSONValue) {
    input = Self.sum(
      [["input_tokens", "prompt_tokens", "promptTokenCount", "prompt_eval_count", "inputTokens"]]
        + [["cache_creation_input_tokens"]], of: usage)
    output = Self.sum(
      [
        [
          "output_tokens", "completion_tokens", "candidatesTokenCount", "eval_count",
          "outputTokens",
        ], ["thoughtsTokenCount"],
      ], of: usage)
  }

  /// The sum of the first that is there of each list of names, or nil where none is.
  private static func sum(_ lists: [[String]], of usage: JSONValue) -> Int64? {
    let counts = lists.compactMap { names in names.lazy.compactMap { count(usage[$0]) }.first }
    return counts.isEmpty ? nil : min(Quota.largestAmount, counts.reduce(0, +))
  }

  /// A count, as far as it is one.
  package static func count(_ value: JSONValue?) -> Int64? {
    guard case .number(let text)? = value, let count = Int64(text), count >= 0 else { return nil }
    return min(count, Quota.largestAmount)
  }

  /// How many tokens a text of so many bytes has by the usual rule of thumb: one in four bytes,
  /// rounded up.
  package static func estimate(bytes: Int) -> Int64 {
    min(Quota.largestAmount, (Int64(max(0, bytes)) + 3) / 4)
  }

  /// The part of the answer's tokens that so many of its bytes stand for, rounded up.
  package static func part(of tokens: Int64, sent: Int, of whole: Int) -> Int64 {
    guard whole > 0, sent < whole else { return tokens }
    guard sent > 0, tokens > 0 else { return 0 }
    let product = UInt64(tokens).multipliedFullWidth(by: UInt64(sent))
    let (quotient, rest) = UInt64(whole).dividingFullWidth(product)
    return Int64(clamping: quotient) + (rest > 0 ? 1 : 0)
  }
}
