import Planning

extension Judged {
  private static let start =
    #"{"type":"message_start","message":{"id":"m","content":[],"#
    + #""usage":{"input_tokens":1}}}"#
  private static let block =
    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
  private static let hello =
    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#
  private static let blockStop = #"{"type":"content_block_stop","index":0}"#
  private static let ended =
    #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}"#
  private static let stop = #"{"type":"message_stop"}"#

  /// Streams of Anthropic's Messages API.
  static let anthropic: [Judged] = [
    Judged(
      name: "another API's end marker behind the end", target: "/v1/messages",
      body: events(start, block, hello, blockStop, ended, stop) + "data: [DONE]\n\n", text: "Hi",
      stop: "end_turn", note: "no event line"),
    Judged(
      name: "no usage at the end", target: "/v1/messages",
      body: events(
        start, block, hello, blockStop,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":null}"#, stop),
      text: "Hi", stop: "end_turn", outcome: .breaking, note: "usage"),
    Judged(
      name: "a second start", target: "/v1/messages",
      body: events(start, start, block, hello, blockStop, ended, stop), text: "Hi",
      stop: "end_turn", outcome: .breaking, note: "message_start"),
    Judged(
      name: "a delta of no block", target: "/v1/messages",
      body: events(start, hello, ended, stop), stop: "end_turn", outcome: .breaking,
      note: "block 0"),
    Judged(
      name: "a delta without its event line", target: "/v1/messages",
      body: events(start, block) + stream(hello) + events(blockStop, ended, stop),
      stop: "end_turn", outcome: .breaking, note: "content_block_delta"),
    Judged(
      name: "an error without its event line", target: "/v1/messages",
      body: events(start, block, hello)
        + stream(#"{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}"#),
      text: "Hi", isComplete: false, outcome: .breaking, note: "overloaded_error: Busy"),
    Judged(
      name: "an error of another API", target: "/v1/messages",
      body: events(start, block, hello)
        + stream(#"{"error":{"type":"server_error","message":"x"}}"#, "[DONE]"),
      text: "Hi", isComplete: false, outcome: .breaking, note: "server_error: x"),
    Judged(
      name: "an error that is a plain text", target: "/v1/messages",
      body: events(start) + "event: error\ndata: gateway gone\n\n", isComplete: false,
      outcome: .breaking, note: "gateway gone"),
    Judged(
      name: "the input of a tool is cut", target: "/v1/messages",
      body: events(
        start,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","#
          + #""name":"f","input":{}}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","#
          + #""partial_json":"{\"n\":"}}"#,
        blockStop, ended, stop),
      stop: "end_turn", note: "arguments"),
  ]

  private static let created =
    #"{"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}"#
  private static let item =
    #"{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"message","#
    + #""content":[{"type":"output_text","text":""}]}}"#
  private static let delta =
    #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi"}"#
  private static let done =
    #"{"type":"response.output_item.done","output_index":0,"item":{"id":"i","type":"message","#
    + #""content":[{"type":"output_text","text":"Hi"}]}}"#
  private static func completed(_ output: String) -> String {
    #"{"type":"response.completed","response":{"id":"r","status":"completed","output":[\#(output)]}}"#
  }
  private static let whole =
    #"{"id":"i","type":"message","content":[{"type":"output_text","text":"Hi"}]}"#

  /// Streams of the Responses API.
  static let responses: [Judged] = [
    Judged(
      name: "a plain response", target: "/v1/responses",
      body: response(nil, created, item, delta, done, completed(whole)), text: "Hi",
      stop: "completed"),
    Judged(
      name: "an output that is empty though text was streamed", target: "/v1/responses",
      body: response(nil, created, item, delta, done, completed("")), text: "Hi",
      stop: "completed", outcome: .breaking, note: "its output lacks"),
    Judged(
      name: "an output whose message is empty though text was streamed", target: "/v1/responses",
      body: response(
        nil, created, item, delta, done, completed(#"{"id":"i","type":"message","content":[]}"#)),
      text: "Hi", stop: "completed", outcome: .breaking, note: "its output lacks"),
    Judged(
      name: "a number is left out", target: "/v1/responses",
      body: response([0, 1, 3, 4, 5], created, item, delta, done, completed(whole)), text: "Hi",
      stop: "completed", outcome: .breaking, note: "sequence_number is 3 behind 1"),
    Judged(
      name: "a number comes again", target: "/v1/responses",
      body: response([0, 1, 2, 2, 3], created, item, delta, done, completed(whole)), text: "Hi",
      stop: "completed", outcome: .breaking, note: "sequence_number is 2 behind 2"),
  ]

  private static func candidate(_ text: String, _ more: String = "") -> String {
    #"{"candidates":[{"content":{"parts":[{"text":"\#(text)"}]}\#(more)}]}"#
  }
  private static let geminiTarget = "/v1beta/models/g:streamGenerateContent?alt=sse"

  /// Streams of Gemini, as events and as an array.
  static let gemini: [Judged] = [
    Judged(
      name: "a reason to stop in each chunk", target: geminiTarget,
      body: stream(
        candidate("Ha", #","finishReason":"STOP""#), candidate("lt", #","finishReason":"STOP""#)),
      text: "Halt", stop: "STOP", note: "finishReason"),
    Judged(
      name: "two reasons to stop", target: geminiTarget,
      body: stream(
        candidate("Halt", #","finishReason":"MAX_TOKENS""#),
        #"{"candidates":[{"finishReason":"STOP"}]}"#),
      text: "Halt", stop: "STOP", note: "was MAX_TOKENS before"),
    Judged(
      name: "a reason that is empty", target: geminiTarget,
      body: stream(candidate("Halt", #","finishReason":"""#)), text: "Halt", isComplete: false,
      outcome: .breaking),
    Judged(
      name: "an array", target: "/v1beta/models/g:streamGenerateContent", request: "{}",
      type: "application/json",
      body: "[" + candidate("Ha]") + "\n,\n" + candidate("lt", #","finishReason":"STOP""#) + "]",
      text: "Ha]lt", stop: "STOP"),
    Judged(
      name: "an array that is cut", target: "/v1beta/models/g:streamGenerateContent",
      request: "{}", type: "application/json", body: "[" + candidate("Ha") + ",\n{\"cand",
      text: "Ha", isComplete: false, outcome: .breaking, note: "not closed"),
  ]

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
      name: "JSON where a stream was asked for", type: "application/json",
      body: #"{"error":{"message":"no credit","type":"quota"}}"#, isComplete: false,
      outcome: .breaking, note: "quota: no credit"),
    Judged(
      name: "a page where a stream was asked for", type: "text/html", body: "<html></html>",
      isComplete: false, outcome: .breaking, note: "asks for a stream"),
    Judged(
      name: "JSON where none was asked for", request: "{}", type: "application/json",
      body: #"{"object":"chat.completion","choices":[]}"#),
    Judged(
      name: "JSON that is cut", request: "{}", type: "application/json",
      body: #"{"object":"chat.comp"#, isComplete: false, outcome: .breaking,
      note: "no whole JSON"),
  ]
}
