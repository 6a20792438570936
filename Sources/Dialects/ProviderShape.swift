package import EventStream
internal import LosslessJSON

/// A form of requests or answers that its provider has replaced by another, which a dialect knows.
package struct ProviderShape: Hashable, Sendable {
  /// What is old about it, since when, and what there is instead, as one clause.
  package let words: String

  /// What of an exchange tells how old its form is.
  package struct Evidence: Sendable {
    /// The host that was asked, in lower case, "" where it is not known.
    package var host: String
    /// The path of the request, without its query.
    package var path: String
    /// The value of `anthropic-version`, "" where there is none.
    package var anthropicVersion: String
    /// The first events of the answer; of an answer in one piece, that as one event.
    package var events: [ServerSentEvent]

    /// Creates evidence.
    package init(host: String, path: String, anthropicVersion: String, events: [ServerSentEvent]) {
      (self.host, self.path) = (host, path)
      (self.anthropicVersion, self.events) = (anthropicVersion, events)
    }
  }

  /// How many events at the start of an answer are worth a look.
  package static let eventLimit = 64

  /// The old forms that an exchange has.
  package static func old(in evidence: Evidence) -> [ProviderShape] {
    let data = evidence.events.compactMap { try? JSONValue(parsing: $0.data, nesting: 512) }
    return facts.filter { $0.isIn(evidence, data) }.map { ProviderShape(words: $0.words) }
  }

  private struct Fact: Sendable {
    let words: String
    let isIn: @Sendable (Evidence, [JSONValue]) -> Bool
  }

  private static let facts = [
    // https://platform.claude.com/docs/en/api/complete: Text Completions (Legacy)
    Fact(
      words:
        "Anthropic's Text Completions (/v1/complete) are legacy since the Messages API, 2023-12"
    ) { evidence, _ in
      evidence.path.hasSuffix("/v1/complete")
        || evidence.events.contains { $0.type == "completion" }
    },
    // https://platform.claude.com/docs/en/api/versioning: events have names, texts are increments.
    Fact(words: "its anthropic-version is older than 2023-06-01, which has another form of streams")
    {
      evidence, _ in
      !evidence.anthropicVersion.isEmpty && evidence.anthropicVersion < "2023-06-01"
    },
    // https://platform.openai.com/docs/api-reference/chat/create: function_call, deprecated.
    Fact(words: "OpenAI's function_call is replaced by tool_calls since 2023-11") { _, data in
      data.contains { value in
        (value["choices"]?.elements ?? []).contains { choice in
          let said = choice["delta"] ?? choice["message"]
          return said?["function_call"]?.members != nil
        }
      }
    },
    // https://platform.openai.com/docs/guides/completions: legacy. Others have it still.
    Fact(words: "OpenAI's Completions API (/v1/completions) is legacy since 2023-07") {
      evidence, data in
      evidence.host.hasSuffix("openai.com")
        && data.contains { $0["object"]?.text == "text_completion" }
    },
    // https://platform.openai.com/docs/deprecations: Assistants API, deprecated 2025-08-26.
    Fact(
      words: "OpenAI's Assistants API is deprecated since 2025-08, in favor of the Responses API"
    ) { evidence, _ in
      evidence.events.contains { $0.type.hasPrefix("thread.") }
    },
    // https://platform.openai.com/docs/api-reference/responses-streaming: each event is numbered.
    Fact(words: "events of OpenAI's Responses API have a sequence_number since 2025") { _, data in
      let first = data.first { $0["type"]?.text == "response.created" }
      return first.map { $0["sequence_number"] == nil } ?? false
    },
    // https://platform.openai.com/docs/api-reference/responses-streaming
    Fact(
      words: "response.reasoning.delta and response.reasoning_summary.delta are replaced by "
        + "response.reasoning_text.delta and response.reasoning_summary_text.delta since 2025"
    ) { _, data in
      let names: Set = ["response.reasoning.delta", "response.reasoning_summary.delta"]
      return data.contains { $0["type"]?.text.map(names.contains) ?? false }
    },
    // https://ai.google.dev/gemini-api/docs/deprecations: the PaLM API ended in August 2024.
    Fact(words: "Google's PaLM API (generateText, generateMessage) ended in 2024-08") {
      evidence, _ in
      [":generateText", ":generateMessage"].contains { evidence.path.hasSuffix($0) }
    },
  ]
}
