internal import Dialects
internal import EventStream

/// One long answer in the words of a dialect: how it begins, events that may come any number of
/// times, and how it ends.
///
/// The sizes of the events and the fields in them are those of real answers.
struct DialectStream {
  let dialect: any Dialect
  let start: [ServerSentEvent]
  let middle: [ServerSentEvent]
  let end: [ServerSentEvent]

  /// The events of an answer of so many events in its middle.
  func events(middleCount: Int) -> [ServerSentEvent] {
    start + (0..<middleCount).map { middle[$0 % middle.count] } + end
  }

  /// A stream of each dialect.
  static let all = [anthropic, chat, responses, gemini, plain].compactMap(\.self)

  private static let texts = [
    " the", " of", " stream", " because", " schedule", ",", " \\\"latency\\\"", ".\\n\\n",
    " größer",
    " through", " record", " token", " 42", " buffer", " number", "s",
  ]

  private init?(_ name: String, start: [Event], middle: [Event], end: [Event]) {
    let known = DialectCatalogue.standard.dialects
    guard let dialect = known.first(where: { $0.name == name }) ?? Self.plainDialect(name)
    else { return nil }
    self.dialect = dialect
    self.start = start.map(\.value)
    self.middle = middle.map(\.value)
    self.end = end.map(\.value)
  }

  private static func plainDialect(_ name: String) -> (any Dialect)? {
    let dialect = DialectCatalogue([]).dialect(for: DialectEvidence(target: "/"))
    return dialect.name == name ? dialect : nil
  }

  private struct Event {
    let value: ServerSentEvent

    init(_ type: String, _ data: String) { value = ServerSentEvent(type: type, data: data) }

    init(_ data: String) { self.init("message", data) }
  }
}

extension DialectStream {
  private static var anthropic: DialectStream? {
    DialectStream(
      "anthropic",
      start: [
        Event(
          "message_start",
          #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","#
            + #""model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"#
            + #""usage":{"input_tokens":25,"output_tokens":1}}}"#),
        Event(
          "content_block_start",
          #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#),
      ],
      middle: texts.map {
        Event(
          "content_block_delta",
          #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""#
            + $0 + #""}}"#)
      },
      end: [
        Event("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
        Event(
          "message_delta",
          #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"#
            + #""usage":{"output_tokens":15}}"#),
        Event("message_stop", #"{"type":"message_stop"}"#),
      ])
  }

  private static var chat: DialectStream? {
    func chunk(_ delta: String, finish: String = "null") -> Event {
      Event(
        #"{"id":"chatcmpl-C1","object":"chat.completion.chunk","created":1760000000,"#
          + #""model":"gpt-4o-2024-08-06","service_tier":"default","#
          + #""system_fingerprint":"fp_1","choices":[{"index":0,"delta":"# + delta
          + #","logprobs":null,"finish_reason":"# + finish + #"}],"obfuscation":"aB3dE5"}"#)
    }
    return DialectStream(
      "openai-chat",
      start: [chunk(#"{"role":"assistant","content":"","refusal":null}"#)],
      middle: texts.map { chunk(#"{"content":""# + $0 + #""}"#) },
      end: [chunk("{}", finish: #""stop""#), Event("[DONE]")])
  }

  private static var responses: DialectStream? {
    func event(_ type: String, _ rest: String) -> Event {
      Event(type, #"{"type":""# + type + #"","sequence_number":3,"# + rest + "}")
    }
    let place = #""item_id":"msg_1","output_index":0,"content_index":0"#
    func response(_ status: String, _ output: String) -> String {
      #""response":{"id":"resp_1","object":"response","created_at":1760000000,"status":""#
        + status + #"","model":"gpt-4o","output":["# + output + "]}"
    }
    let message = #"{"id":"msg_1","type":"message","status":"completed","role":"assistant","#
    return DialectStream(
      "openai-responses",
      start: [
        event("response.created", response("in_progress", "")),
        event(
          "response.output_item.added", #""output_index":0,"item":"# + message + #""content":[]}"#),
        event(
          "response.content_part.added",
          place + #","part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}"#),
      ],
      middle: texts.map {
        event(
          "response.output_text.delta",
          place + #","delta":""# + $0 + #"","logprobs":[],"obfuscation":"aB3dE5""#)
      },
      end: [
        event(
          "response.completed",
          response("completed", message + #""content":[{"type":"output_text","text":"it"}]}"#))
      ])
  }

  private static var gemini: DialectStream? {
    func chunk(_ text: String, finish: String = "") -> Event {
      Event(
        #"{"candidates": [{"content": {"parts": [{"text": ""# + text
          + #""}],"role": "model"},"# + finish
          + #""index": 0}],"usageMetadata": {"promptTokenCount": 17,"candidatesTokenCount": 41,"#
          + #""totalTokenCount": 58,"promptTokensDetails": [{"modality": "TEXT","#
          + #""tokenCount": 17}]},"modelVersion": "gemini-2.5-pro","responseId": "r1"}"#)
    }
    return DialectStream(
      "gemini", start: [], middle: texts.map { chunk($0) },
      end: [chunk("", finish: #""finishReason": "STOP","#)])
  }

  private static var plain: DialectStream? {
    DialectStream(
      "plain", start: [],
      middle: texts.map {
        Event(
          "content-delta",
          #"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":""#
            + $0 + #""}}}}"#)
      },
      end: [Event("message-end", #"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#)])
  }
}
