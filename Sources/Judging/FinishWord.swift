/// What a reason for the end of an answer means, whichever provider's word or library's it is.
///
/// A client may put a provider's word into its own: `end_turn`, `STOP` and `stop` are one reason.
enum FinishWord {
  /// The answer came to its end; some providers say so of tool calls too.
  case ended
  /// The answer is as long as it may be.
  case length
  /// The answer was held back.
  case withheld

  private static let words: [(FinishWord, Set<String>)] = [
    (
      .ended,
      [
        "stop", "end_turn", "stop_sequence", "complete", "completed", "finished", "done", "eos",
        "eos_token", "tool_use", "tool_calls", "tool_call", "function_call", "pause_turn",
      ]
    ),
    (
      .length,
      [
        "length", "max_tokens", "max_output_tokens", "model_length", "incomplete",
        "model_context_window_exceeded",
      ]
    ),
    (
      .withheld,
      [
        "content_filter", "refusal", "safety", "recitation", "blocklist", "prohibited_content",
        "spii", "language", "image_safety",
      ]
    ),
  ]

  /// What a word means, or nil where it is none that is known to say how an answer finished.
  init?(_ word: String) {
    let plain = String(word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
    guard let found = Self.words.first(where: { $0.1.contains(plain) }) else { return nil }
    self = found.0
  }
}
