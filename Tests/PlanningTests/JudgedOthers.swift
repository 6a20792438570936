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

  private static func called(_ index: Int, _ pieces: String...) -> String {
    let call =
      #"{"type":"content_block_start","index":\#(index),"content_block":{"type":"tool_use","#
      + #""id":"t","name":"f","input":{}}}"#
    let deltas = pieces.map { piece in
      #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"input_json_delta","#
        + #""partial_json":"\#(piece)"}}"#
    }
    let stop = #"{"type":"content_block_stop","index":\#(index)}"#
    return ([call] + deltas + [stop]).map { events($0) }.joined()
  }

  /// What comes behind the reason to have stopped, and tool calls that cannot be told apart or
  /// read.
  static let anthropicEnds: [Judged] = [
    Judged(
      name: "two different reasons to have stopped", target: "/v1/messages",
      body: events(
        start, block, hello, blockStop, ended,
        #"{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":2}}"#,
        stop),
      text: "Hi", stop: "max_tokens", note: "the stop_reason is max_tokens, and was end_turn"),
    Judged(
      name: "the same reason twice", target: "/v1/messages",
      body: events(start, block, hello, blockStop, ended, ended, stop), text: "Hi",
      stop: "end_turn"),
    Judged(
      name: "content behind the reason", target: "/v1/messages",
      body: events(start, ended, block, hello, blockStop, stop), text: "Hi", stop: "end_turn",
      note: "content comes after the stop_reason"),
    Judged(
      name: "two calls with one id", target: "/v1/messages",
      body: events(start) + called(0, "{}") + called(1, "{}") + events(ended, stop),
      stop: "end_turn", note: "the tool call in block 1 has the id of another"),
    // The SDK encodes each piece, and raises.
    Judged(
      name: "halves of a character in two pieces of an input", target: "/v1/messages",
      body: events(start) + called(0, #"{\"n\":\"\ud83c"#, #"\udfb5\"}"#) + events(ended, stop),
      stop: "end_turn", outcome: .breaking, note: "half of a surrogate pair"),
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
      stop: "completed", outcome: .breaking, note: "sequence_number is 3 after 1"),
    Judged(
      name: "a number comes again", target: "/v1/responses",
      body: response([0, 1, 2, 2, 3], created, item, delta, done, completed(whole)), text: "Hi",
      stop: "completed", outcome: .breaking, note: "sequence_number is 2 after 2"),
    Judged(
      name: "the first number comes again", target: "/v1/responses",
      body: response([0, 0, 1, 2, 3], created, item, delta, done, completed(whole)), text: "Hi",
      stop: "completed", outcome: .breaking, note: "0 came 2 times"),
    Judged(
      name: "all have the same number", target: "/v1/responses",
      body: response([0, 0, 0, 0, 0], created, item, delta, done, completed(whole)), text: "Hi",
      stop: "completed", note: "sequence_number is 0 again"),
    Judged(
      name: "an output that is null though text was streamed", target: "/v1/responses",
      body: response(nil, created, item, delta, done, ended("completed", #""output":null"#)),
      text: "Hi", stop: "completed", outcome: .breaking, note: "it has no output"),
    Judged(
      name: "no output though text was streamed, at the limit", target: "/v1/responses",
      body: response(nil, created, item, delta, done, ended("incomplete", #""x":1"#)), text: "Hi",
      stop: "incomplete", outcome: .breaking, note: "it has no output"),
    Judged(
      name: "a response that completed and says that it failed", target: "/v1/responses",
      body: response(
        nil, created, item, delta, done,
        ended("completed", as: "failed", #""output":[\#(whole)],"error":{"message":"no worker"}"#)),
      text: "Hi", stop: "failed", isComplete: false, outcome: .breaking,
      note: "the response failed: no worker"),
    Judged(
      name: "a response that failed and has no output", target: "/v1/responses",
      body: response(nil, created, item, delta, done, ended("failed", #""output":[]"#)),
      text: "Hi", stop: "failed", isComplete: false, outcome: .breaking),
    Judged(
      name: "arguments of a function that are cut", target: "/v1/responses",
      body: response(
        nil, created, #"{"type":"response.output_item.added",\#(function)}"#,
        #"{"type":"response.output_item.done",\#(function)}"#,
        ended("completed", #""output":[\#(function.dropFirst(24))]"#)),
      stop: "completed", note: "the arguments of output item 0 are not JSON"),
  ]

  private static let function =
    #""output_index":0,"item":{"id":"f","type":"function_call","call_id":"c","name":"f","#
    + #""arguments":"{\"n\":"}"#

  private static func ended(_ type: String, as status: String? = nil, _ more: String) -> String {
    #"{"type":"response.\#(type)","response":{"id":"r","status":"\#(status ?? type)",\#(more)}}"#
  }

  private static func candidate(_ text: String, _ more: String = "") -> String {
    #"{"candidates":[{"content":{"parts":[{"text":"\#(text)"}]}\#(more)}]}"#
  }
  private static func part(_ part: String) -> String {
    #"{"candidates":[{"content":{"parts":[\#(part)]},"finishReason":"STOP"}]}"#
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
      name: "a call without a name", target: geminiTarget,
      body: stream(part(#"{"functionCall":{"args":{}}}"#)), stop: "STOP", outcome: .breaking,
      note: "a functionCall has no name"),
    Judged(
      name: "a call whose arguments are a text", target: geminiTarget,
      body: stream(part(#"{"functionCall":{"name":"f","args":"{}"}}"#)), stop: "STOP",
      outcome: .breaking, note: "the args of a functionCall are a string"),
    Judged(
      name: "a call in pieces", target: geminiTarget,
      body: stream(
        #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}}]}}]}"#,
        part(#"{"functionCall":{}}"#)),
      stop: "STOP"),
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
}
