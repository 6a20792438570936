/// Finds how many tokens a request lets its answer have at the most.
///
/// The body is passed over once, without making values of it: only the outermost members matter,
/// and for Gemini those of `generationConfig`.
package enum AnswerBound {
  private static let names = [
    "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens",
  ].map { Array($0.utf8) }

  private static let inner = [
    "generationConfig", "generation_config", "inferenceConfig", "options",
  ].map { Array($0.utf8) }

  private static let innerNames = [
    "maxOutputTokens", "max_output_tokens", "maxTokens", "num_predict",
  ]
  .map { Array($0.utf8) }

  /// Reads the body of a request.
  ///
  /// - Parameter body: The body, whatever it is.
  /// - Returns: The number, at most `Quota.largestAmount`; nil where the body names none.
  package static func tokens(in body: [UInt8]) -> Int64? {
    body.withUnsafeBufferPointer { Scan(text: $0).tokens() }
  }

  private struct Scan {
    let text: UnsafeBufferPointer<UInt8>

    func tokens() -> Int64? {
      var depth = 0
      var isInner = false
      var index = 0
      var found: Int64?
      while index < text.count {
        switch text[index] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          if depth <= 1 { isInner = false }
        case UInt8(ascii: "\""):
          let start = index + 1
          index = end(ofString: start)
          guard depth == 1 || (depth == 2 && isInner), let value = value(behind: index + 1)
          else { break }
          if depth == 1, isOne(of: AnswerBound.inner, start..<index) { isInner = true }
          let names = depth == 1 ? AnswerBound.names : AnswerBound.innerNames
          if isOne(of: names, start..<index) { found = number(at: value) ?? found }
        default: break
        }
        index += 1
      }
      return found
    }

    /// The place of the quote that ends a string.
    private func end(ofString start: Int) -> Int {
      var index = start
      while index < text.count, text[index] != UInt8(ascii: "\"") {
        index += text[index] == UInt8(ascii: "\\") ? 2 : 1
      }
      return min(index, text.count)
    }

    /// Where the value begins of a string that is a key, or nil where it is none.
    private func value(behind end: Int) -> Int? {
      let colon = skipSpace(from: end)
      guard colon < text.count, text[colon] == UInt8(ascii: ":") else { return nil }
      return skipSpace(from: colon + 1)
    }

    private func skipSpace(from start: Int) -> Int {
      var index = start
      while index < text.count, text[index] <= 0x20 { index += 1 }
      return index
    }

    private func isOne(of names: [[UInt8]], _ range: Range<Int>) -> Bool {
      names.contains { name in
        name.count == range.count && zip(name, text[range]).allSatisfy { $0 == $1 }
      }
    }

    private func number(at start: Int) -> Int64? {
      var value: Int64 = 0
      var index = start
      while index < text.count, (0x30...0x39).contains(text[index]) {
        value = min(Quota.largestAmount, value * 10 + Int64(text[index] - 0x30))
        index += 1
      }
      return index > start ? value : nil
    }
  }
}
