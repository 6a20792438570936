import Planning

extension Judged {
  private static let hello = chunk(#"{"content":"Hi"}"#)

  /// Streams of the Chat Completions API and of servers that mean to speak as it does.
  static let chat: [Judged] = [
    Judged(
      name: "a plain stream", body: stream(hello, finish(), "[DONE]"), text: "Hi", stop: "stop"),
    Judged(
      name: "chunks without object",
      body: stream(
        #"{"choices":[{"index":0,"delta":{"content":"Ha"}}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"lt"},"finish_reason":"stop"}]}"#),
      text: "Halt", stop: "stop", note: "object"),
    Judged(
      name: "chunks with another object",
      body: stream(
        #"{"object":"chat.completion","choices":[{"index":0,"delta":{"content":"Halt"}}]}"#,
        #"{"object":"chat.completion","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#),
      text: "Halt", stop: "stop", note: "chat.completion"),
    Judged(
      name: "an object that is empty, with text",
      body: stream(
        #"{"object":"","choices":[{"index":0,"delta":{"content":"Halt"}}]}"#, finish()),
      text: "Halt", stop: "stop", note: "object"),
    Judged(
      name: "a bare usage chunk",
      body: stream(hello, finish(), #"{"usage":{"total_tokens":3}}"#), text: "Hi", stop: "stop"),
    Judged(
      name: "a finish reason that is empty and never another",
      body: stream(chunk(#"{"content":"Hi"}"#, #","finish_reason":"""#), "[DONE]"), text: "Hi",
      isComplete: false, outcome: .breaking),
    Judged(
      name: "content as a list, then as a string",
      body: stream(
        chunk(#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}"#),
        chunk(#"{"content":[{"type":"text","text":"Ha"}]}"#), chunk(#"{"content":"lt"}"#),
        finish()),
      text: "Halt", stop: "stop"),
    Judged(
      name: "content as a string, then as a list",
      body: stream(
        chunk(#"{"content":"Ha"}"#), chunk(#"{"content":[{"type":"text","text":"lt"}]}"#),
        finish()),
      text: "Halt", stop: "stop"),
    Judged(
      name: "a choice that finishes with error",
      body: stream(
        hello,
        chunk("{}", #","finish_reason":"error","error":{"code":502,"message":"no worker"}"#)),
      text: "Hi", stop: "error", isComplete: false, outcome: .breaking, note: "502: no worker"),
    Judged(
      name: "a choice that finishes with error and does not say which",
      body: stream(hello, finish("error")), text: "Hi", stop: "error", isComplete: false,
      outcome: .breaking, note: "finish_reason is error"),
    Judged(
      name: "text behind a finish reason",
      body: stream(finish(), hello), text: "Hi", stop: "stop", note: "text comes after"),
    Judged(
      name: "two finish reasons", body: stream(hello, finish("length"), finish()), text: "Hi",
      stop: "stop", note: "was length before"),
    Judged(
      name: "a delta that is null",
      body: stream(hello, chunk("null", #","finish_reason":"stop""#)), text: "Hi", stop: "stop",
      outcome: .breaking, note: "delta"),
    Judged(
      name: "data that is null", body: stream(hello, "null", finish()), text: "Hi", stop: "stop",
      outcome: .breaking, note: "JSON"),
    Judged(
      name: "halves of a character in two deltas",
      body: stream(
        chunk(#"{"content":"a\ud83c"}"#), chunk(#"{"content":"\udfb5b"}"#), finish()),
      text: "a🎵b", stop: "stop"),
    Judged(
      name: "half a character",
      body: stream(chunk(#"{"content":"a\ud83c"}"#), chunk(#"{"content":"b"}"#), finish()),
      text: "a\u{fffd}b", stop: "stop", note: "surrogate"),
    Judged(
      name: "a second half alone",
      body: stream(chunk(#"{"content":"\udfb5b"}"#), finish()), text: "\u{fffd}b", stop: "stop",
      note: "surrogate"),
    Judged(
      name: "an error object in place of a chunk",
      body: stream(
        hello, #"{"object":"error","message":"out of memory","type":"ServerError","code":500}"#),
      text: "Hi", isComplete: false, outcome: .breaking, note: "ServerError: out of memory"),
    Judged(
      name: "an error in a field that does not exist",
      body: stream(hello) + "error: {\"code\":503,\"message\":\"no slot\"}\n\n", text: "Hi",
      isComplete: false, outcome: .breaking, note: "503: no slot"),
    Judged(
      name: "an error outside of any field",
      body: "{\"error\":{\"message\":\"no credit\",\"type\":\"quota\"}}\n", isComplete: false,
      outcome: .breaking, note: "quota: no credit"),
    Judged(
      name: "choices out of order",
      body: stream(
        #"{"object":"chat.completion.chunk","choices":[{"index":1,"delta":{"content":"b"},"#
          + #""finish_reason":"stop"}]}"#,
        chunk(#"{"content":"a"}"#, #","finish_reason":"stop""#)),
      text: "ba", stop: "stop", outcome: .breaking, note: "order"),
  ]

  /// Values that are no strings where strings must be.
  static let kinds: [Judged] = [
    Judged(
      name: "content that is one part without its list",
      body: stream(chunk(#"{"content":{"type":"text","text":"Hi"}}"#), finish()), text: "Hi",
      stop: "stop", outcome: .breaking, note: "the content of a delta is an object"),
    Judged(
      name: "content that is a number", body: stream(chunk(#"{"content":5}"#), finish()),
      stop: "stop", outcome: .breaking, note: "the content of a delta is a number"),
    Judged(
      name: "a refusal that is true", body: stream(chunk(#"{"refusal":true}"#), finish()),
      stop: "stop", outcome: .breaking, note: "the refusal of a delta is true or false"),
    Judged(
      name: "tool calls that are no list",
      body: stream(hello, chunk(#"{"tool_calls":{"index":0}}"#), finish()), text: "Hi",
      stop: "stop", outcome: .breaking, note: "tool_calls of a delta are an object"),
    Judged(
      name: "tool calls that are an empty string",
      body: stream(chunk(#"{"content":"Hi","tool_calls":""}"#), finish()), text: "Hi",
      stop: "stop"),
    Judged(
      name: "a chunk whose choices are null",
      body: stream(
        hello, finish(),
        #"{"object":"chat.completion.chunk","choices":null,"usage":{"total_tokens":3}}"#),
      text: "Hi", stop: "stop", outcome: .breaking, note: "it has no choices"),
  ]

  /// Errors that stand where a chunk must be, or call themselves so by their event line.
  static let errors: [Judged] = [
    failed("an error event with a message", #"{"message":"no slot"}"#, says: "no slot"),
    failed("an error event that is a plain text", "no slot left", says: "no slot left"),
    failed("an error event that is a JSON text", #""no slot""#, says: "no slot"),
    failed(
      "an error event of another API", #"{"type":"error","error":{"type":"busy","message":"x"}}"#,
      says: "busy: x"),
    failed(
      "an error in a list", #"[{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}]"#,
      line: "", says: "UNAVAILABLE: x"),
    failed(
      "an error without a name for it", #"{"message":"no credit","code":"quota"}"#, line: "",
      says: "quota: no credit"),
    failed(
      "an error of a web framework", #"{"detail":"Internal error"}"#, line: "",
      says: "Internal error"),
    failed(
      "Gemini's error in a list", #"[{"error":{"code":503,"message":"x"}}]"#, line: "",
      target: "/v1beta/models/g:streamGenerateContent?alt=sse",
      start: #"{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}"#, says: "503: x"),
    failed(
      "Gemini's error event", "no slot",
      target: "/v1beta/models/g:streamGenerateContent?alt=sse",
      start: #"{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}"#, says: "no slot"),
    failed(
      "an error event in old completions", "no slot", target: "/v1/completions",
      start: #"{"object":"text_completion","choices":[{"index":0,"text":"Hi"}]}"#,
      says: "no slot"),
  ]

  /// A stream that ends with an error behind its first text.
  private static func failed(
    _ name: String, _ data: String, line: String = "event: error\n",
    target: String = "/v1/chat/completions", start: String? = nil, says words: String
  ) -> Judged {
    Judged(
      name: name, target: target, body: stream(start ?? hello) + "\(line)data: \(data)\n\n",
      text: "Hi", isComplete: false, outcome: .breaking, note: "an error came: \(words)")
  }

  /// Tool calls that end well and cannot be used, or can be in one way only.
  static let calls: [Judged] = [
    Judged(
      name: "arguments that are cut",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":"{\"n\":["}}"#),
        finish("tool_calls")),
      stop: "tool_calls", note: "arguments of tool call 0 are not JSON"),
    Judged(
      name: "arguments that are an object",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":{"n":1}}}"#),
        finish("tool_calls")),
      stop: "tool_calls", note: "arguments of tool call 0 are an object"),
    Judged(
      name: "halves of a character in two pieces of arguments",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":"{\"n\":\"\ud83c"}}"#),
        call(#"{"index":0,"function":{"arguments":"\udfb5\"}"}}"#), finish("tool_calls")),
      stop: "tool_calls"),
    Judged(
      name: "two calls with one id",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#),
        call(#"{"index":1,"id":"a","function":{"name":"g","arguments":"{}"}}"#),
        finish("tool_calls")),
      stop: "tool_calls", note: "tool call 1 has the id of another"),
    Judged(
      name: "a call that has no index from the start",
      body: stream(
        call(#"{"id":"a","function":{"name":"f","arguments":"{}"}}"#), finish("tool_calls")),
      stop: "tool_calls", outcome: .breaking, note: "a tool call has no index"),
    Judged(
      name: "a call whose function is null",
      body: stream(call(#"{"index":0,"id":"a","function":null}"#), finish("tool_calls")),
      stop: "tool_calls", outcome: .breaking, note: "a tool call has no function"),
    Judged(
      name: "arguments that are null",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":null}}"#),
        finish("tool_calls")),
      stop: "tool_calls", note: "arguments of tool call 0 are null"),
    Judged(
      name: "an id that comes again",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}"#),
        call(#"{"index":0,"id":"a","function":{"arguments":"}"}}"#), finish("tool_calls")),
      stop: "tool_calls", note: "the id of tool call 0 comes again"),
    Judged(
      name: "a name in two pieces",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"get_","arguments":""}}"#),
        call(#"{"index":0,"function":{"name":"time","arguments":"{}"}}"#), finish("tool_calls")),
      stop: "tool_calls", note: "the name of tool call 0 comes in several pieces"),
    Judged(
      name: "a call without its start",
      body: stream(
        call(#"{"index":0,"function":{"arguments":"{}"}}"#), finish("tool_calls")),
      stop: "tool_calls", outcome: .breaking, note: "tool call 0 has no name"),
    Judged(
      name: "a call without index",
      body: stream(
        call(#"{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}"#),
        call(#"{"function":{"arguments":"}"}}"#), finish("tool_calls")),
      stop: "tool_calls", outcome: .breaking, note: "index"),
    Judged(
      name: "the first call has another index than 0",
      body: stream(
        call(#"{"index":1,"id":"a","function":{"name":"f","arguments":"{}"}}"#),
        finish("tool_calls")),
      stop: "tool_calls", outcome: .breaking, note: "order"),
  ]
}
