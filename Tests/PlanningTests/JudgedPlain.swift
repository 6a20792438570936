import Planning

extension Judged {
  /// Streams of APIs that have no dialect of their own.
  static let plain: [Judged] = [
    Judged(
      name: "old completions", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":"Ha","finish_reason":null}]}"#,
        #"{"object":"text_completion","choices":[{"index":0,"text":"lt","finish_reason":"length"}]}"#,
        "[DONE]"),
      text: "Halt", stop: "length"),
    Judged(
      name: "old completions that are cut", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":"Ha","finish_reason":null}]}"#),
      text: "Ha", isComplete: false, outcome: .breaking, note: "no finish_reason"),
    Judged(
      name: "old completions that finish with error", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":"Ha","finish_reason":"error"}]}"#,
        "[DONE]"),
      text: "Ha", stop: "error", isComplete: false, outcome: .breaking,
      note: "finish_reason is error"),
    Judged(
      name: "old completions that go on behind the end", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":"Ha","finish_reason":"stop"}]}"#,
        #"{"object":"text_completion","choices":[{"index":0,"text":"lt","finish_reason":null}]}"#,
        "[DONE]"),
      text: "Halt", stop: "stop", note: "text comes after a finish_reason"),
    Judged(
      name: "old completions with two reasons", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":"a","finish_reason":"stop"}]}"#,
        #"{"object":"text_completion","choices":[{"index":0,"text":"","finish_reason":"length"}]}"#),
      text: "a", stop: "length", note: "was stop before"),
    Judged(
      name: "old completions of which one of two ends first", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":"a","finish_reason":"stop"}]}"#,
        #"{"object":"text_completion","choices":[{"index":1,"text":"b","finish_reason":"stop"}]}"#),
      text: "ab", stop: "stop"),
    Judged(
      name: "old completions whose text is an object", target: "/v1/completions",
      body: stream(
        #"{"object":"text_completion","choices":[{"index":0,"text":{},"finish_reason":"stop"}]}"#),
      stop: "stop", outcome: .breaking, note: "the text of a choice is an object"),
    Judged(
      name: "Cohere", target: "/v2/chat",
      body: events(
        #"{"type":"message-start","delta":{"message":{"role":"assistant"}}}"#,
        #"{"type":"content-delta","delta":{"message":{"content":{"text":"Halt"}}}}"#,
        #"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#),
      text: "Halt", stop: "COMPLETE"),
    Judged(
      name: "Cohere that is cut", target: "/v2/chat",
      body: events(
        #"{"type":"message-start","delta":{"message":{"role":"assistant"}}}"#,
        #"{"type":"content-delta","delta":{"message":{"content":{"text":"Halt"}}}}"#),
      text: "Halt", isComplete: false, outcome: .breaking, note: "no message-end"),
    Judged(
      name: "Cohere that calls a tool with half of its arguments", target: "/v2/chat",
      body: events(
        #"{"type":"tool-call-start","delta":{"message":{"tool_calls":{"function":{"name":"f","#
          + #""arguments":"{\"n\":"}}}}}"#,
        #"{"type":"message-end","delta":{"finish_reason":"TOOL_CALL"}}"#),
      stop: "TOOL_CALL", note: "arguments of the call of f are not JSON"),
    Judged(
      name: "Ollama", target: "/api/chat", request: "{}", type: "application/x-ndjson",
      body: "{\"message\":{\"content\":\"Ha\"},\"done\":false}\n"
        + "{\"message\":{\"content\":\"lt\"},\"done\":true,\"done_reason\":\"stop\"}\n",
      text: "Halt", stop: "stop"),
    Judged(
      name: "Ollama's generate that fails", target: "/api/generate", request: "{}",
      type: "application/x-ndjson",
      body: "{\"response\":\"Ha\",\"done\":false}\n{\"error\":\"runner gone\"}\n", text: "Ha",
      isComplete: false, outcome: .breaking, note: "runner gone"),
    Judged(
      name: "a line that is cut", target: "/api/chat", request: "{}",
      type: "application/x-ndjson",
      body: "{\"message\":{\"content\":\"Ha\"},\"done\":false}\n{\"message\":{\"con", text: "Ha",
      isComplete: false, outcome: .breaking),
  ]

  private static let chatBody = stream(
    chunk(#"{"content":"Hi"}"#, #","finish_reason":"stop""#), "[DONE]")

  /// An answer in one piece.
  static let inOnePiece = Judged(
    name: "JSON where none was asked for", request: "{}", type: "application/json",
    body: #"{"object":"chat.completion","choices":[]}"#)

  /// Answers whose head says something else than the body is.
  static let heads: [Judged] = [
    Judged(
      name: "no content type", type: nil, body: chatBody, text: "Hi", stop: "stop",
      outcome: .breaking, note: "no content-type"),
    Judged(
      name: "another content type, and no stream was asked for", request: "{}",
      type: "text/plain", body: chatBody, text: "Hi", stop: "stop", outcome: .breaking,
      note: "content-type is text/plain"),
    Judged(
      name: "an event stream that calls itself JSON lines", type: "application/x-ndjson",
      body: chatBody, text: "Hi", stop: "stop", outcome: .breaking,
      note: "content-type is application/x-ndjson"),
    Judged(
      name: "an event stream that calls itself Amazon's",
      type: "application/vnd.amazon.eventstream", body: chatBody, text: "Hi", stop: "stop",
      outcome: .breaking, note: "content-type is application/vnd.amazon.eventstream"),
    Judged(
      name: "JSON where a stream was asked for", type: "application/json",
      body: #"{"error":{"message":"no credit","type":"quota"}}"#, isComplete: false,
      outcome: .breaking, note: "quota: no credit"),
    Judged(
      name: "a page where a stream was asked for", type: "text/html", body: "<html></html>",
      isComplete: false, outcome: .breaking, note: "asks for a stream"),
    inOnePiece,
    Judged(
      name: "JSON that is cut", request: "{}", type: "application/json",
      body: #"{"object":"chat.comp"#, isComplete: false, outcome: .breaking,
      note: "not complete JSON"),
  ]
}
