import Dialects

/// What a client has to know of an API to stream an answer.
struct StreamingAPI {
  /// The name of its dialect, with which the names of its cassettes begin.
  var name: String
  /// What follows the base URL.
  var path: String
  /// The body of the request.
  var body: String
  /// What its events mean.
  var dialect: any Dialect

  /// The API whose cassette a base URL names, or nil.
  init?(base: String) {
    let key = "~cassette="
    let directive = base.split(separator: "/").first { $0.hasPrefix(key) }
    guard let cassette = directive?.dropFirst(key.count) else { return nil }
    let found = Self.requests.first { cassette.hasPrefix($0.name) }
    let dialect = DialectCatalogue.standard.dialects.first { $0.name == found?.name }
    guard let found, let dialect else { return nil }
    (name, path, body) = found
    self.dialect = dialect
  }

  private static let messages =
    #"[{"role":"user","content":"text: How does a tape deck keep its speed?"}]"#

  private static let requests: [(name: String, path: String, body: String)] = [
    (
      "anthropic", "/v1/messages",
      #"{"max_tokens":1024,"messages":\#(messages),"model":"claude-haiku-4-5","stream":true}"#
    ),
    (
      "openai-chat", "/v1/chat/completions",
      #"{"messages":\#(messages),"model":"gpt-4o-mini","stream":true}"#
    ),
    (
      "openai-responses", "/v1/responses",
      #"{"input":\#(messages),"model":"gpt-4o-mini","stream":true}"#
    ),
    (
      "gemini", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
      #"{"contents":[{"role":"user","parts":[{"text":"How does a tape deck keep its speed?"}]}]}"#
    ),
  ]
}
