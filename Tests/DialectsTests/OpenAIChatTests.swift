import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite struct OpenAIChatTests {
  private typealias Stream = OpenAIStream

  @Test("the first chunk becomes the completion, and its delta the message")
  func firstChunk() throws {
    let message = Stream.chat(
      #"{"id":"c","object":"chat.completion.chunk","created":1.0,"obfuscation":"x","x":[1],"#
        + #""choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"y":2}]}"#)
    #expect(
      message.text(at: "")
        == #"{"id":"c","object":"chat.completion","created":1.0,"x":[1],"#
        + #""choices":[{"index":0,"y":2,"message":{"role":"assistant","content":"Hi"}}]}"#)
    #expect(message.completeness.reason == "no finish_reason came")
  }

  @Test(
    "a delta is merged into what came before it",
    arguments: [
      (#"{"a":"x"}"#, #"{"a":"y"}"#, #"{"a":"xy"}"#),
      (#"{"a":null}"#, #"{"a":"y"}"#, #"{"a":"y"}"#),
      (#"{"a":"x"}"#, #"{"a":null}"#, #"{"a":"x"}"#),
      (#"{"a":1}"#, #"{"a":2}"#, #"{"a":3}"#),
      (#"{"a":1}"#, #"{"a":0.5}"#, #"{"a":1.5}"#),
      (#"{"a":true}"#, #"{"a":true}"#, #"{"a":2}"#),
      (#"{"a":9223372036854775807}"#, #"{"a":1}"#, #"{"a":9.223372036854775807e+18}"#),
      (#"{"a":{"b":"x"}}"#, #"{"a":{"b":"y","c":1}}"#, #"{"a":{"b":"xy","c":1}}"#),
      (#"{"a":[1,"x"]}"#, #"{"a":[2]}"#, #"{"a":[1,"x",2]}"#),
      (#"{"a":[]}"#, #"{"a":[{"b":1}]}"#, #"{"a":[{"b":1}]}"#),
      (#"{"type":"x"}"#, #"{"type":"y"}"#, #"{"type":"y"}"#),
      (
        #"{"a":[{"index":0,"b":"x"},{"index":0,"b":"y"}]}"#, #"{"a":[{"index":1,"b":"z"}]}"#,
        #"{"a":[{"index":0,"b":"xy"},{"index":1,"b":"z"}]}"#
      ),
      (#"{"role":"assistant"}"#, #"{"role":"assistant"}"#, #"{"role":"assistant"}"#),
      (#"{"role":""}"#, #"{"role":"assistant"}"#, #"{"role":"assistant"}"#),
    ])
  func merges(first: String, second: String, merged: String) throws {
    let message = Stream.chat(Stream.chunk(first), Stream.chunk(second))
    let expected = try Stream.json(merged)
    if first.contains("9223372036854775807") {
      #expect(Double(message.value("choices.0.message.a")?.number ?? "") == 0x1p63)
    } else {
      #expect(message.value("choices.0.message") == expected)
    }
    #expect(message.wrongs.isEmpty)
  }

  @Test("the fragments of tool calls are joined by their index")
  func toolCalls() {
    func call(_ index: Int, _ rest: String) -> String {
      Stream.chunk(#"{"tool_calls":[{"index":\#(index),\#(rest)}]}"#)
    }
    let message = Stream.chat(
      Stream.chunk(#"{"role":"assistant","content":null}"#),
      call(0, #""id":"a","type":"function","function":{"name":"f","arguments":""}"#),
      call(0, #""function":{"arguments":"{\"x\":"}"#),
      call(1, #""id":"b","type":"custom","custom":{"name":"g","input":"l"}"#),
      call(0, #""function":{"arguments":"1}"}"#), call(1, #""custom":{"input":"s"}"#),
      Stream.chunk("{}", #""finish_reason":"tool_calls""#), "[DONE]")
    #expect(
      message.content == [
        MessagePart(.toolCall, name: "f", Array(#"{"x":1}"#.utf8)),
        MessagePart(.toolCall, name: "g", Array("ls".utf8)),
      ])
    #expect(message.stopReason == "tool_calls" && message.completeness == .complete)
    #expect(message.wrongs.isEmpty)
  }

  @Test("every choice has its own text, and the first one's reason counts")
  func choices() {
    func chunk(_ index: Int, _ delta: String, _ reason: String = "null") -> String {
      #"{"object":"chat.completion.chunk","choices":[{"index":\#(index),"delta":\#(delta),"#
        + #""finish_reason":\#(reason)}]}"#
    }
    var message = Stream.chat(
      chunk(0, #"{"content":"A"}"#), chunk(1, #"{"content":"B","refusal":"no"}"#),
      chunk(0, #"{"content":"a"}"#), chunk(1, "{}", #""length""#))
    #expect(message.completeness.reason == "choice 0 has no finish_reason")
    #expect(message.stopReason == nil)
    message.take(ServerSentEvent(data: chunk(0, "{}", #""stop""#)))
    #expect(message.completeness == .complete && message.stopReason == "stop")
    #expect(
      message.content == [
        MessagePart(.text, Array("Aa".utf8)), MessagePart(.text, Array("B".utf8), choice: 1),
        MessagePart(.refusal, Array("no".utf8), choice: 1),
      ])
  }

  @Test("log probabilities are joined, and doubled where the SDK doubles them")
  func logprobs() {
    func chunk(_ index: Int, _ logprobs: String) -> String {
      #"{"object":"chat.completion.chunk","choices":[{"index":\#(index),"delta":{"content":"x"},"#
        + #""logprobs":\#(logprobs)}]}"#
    }
    let message = Stream.chat(
      chunk(0, "null"), chunk(0, #"{"content":[1],"other":1}"#),
      chunk(0, #"{"content":[2],"refusal":[3]}"#), chunk(0, #"{"content":null}"#),
      chunk(1, #"{"content":[4]}"#))
    #expect(message.text(at: "choices.0.logprobs") == #"{"content":[1,2],"refusal":[3]}"#)
    #expect(message.text(at: "choices.1.logprobs") == #"{"content":[4,4]}"#)
  }

  @Test("usage and fingerprint are those of the last chunk, other fields those of the first")
  func lastChunk() {
    func chunk(_ rest: String) -> String {
      #"{"object":"chat.completion.chunk","choices":[],\#(rest)}"#
    }
    var message = Stream.chat(
      chunk(#""service_tier":"a","usage":null,"system_fingerprint":"f""#),
      chunk(#""service_tier":"b","usage":{"total_tokens":1},"moderation":{"m":1}"#))
    #expect(message.text(at: "service_tier") == #""a""#)
    #expect(message.text(at: "system_fingerprint") == "null")
    #expect(message.text(at: "moderation") == #"{"m":1}"#)
    #expect(message.text(at: "usage") == #"{"total_tokens":1}"#)
    message.take(ServerSentEvent(data: chunk(#""x":1"#)))
    #expect(message.text(at: "usage") == "null")
    #expect(message.usage == .object([.init("total_tokens", .number(1))]))
  }

  @Test("chunks of Azure's filters are passed over, objects that nobody knows are kept")
  func otherObjects() {
    let message = Stream.chat(
      #"{"object":"","choices":[{"index":0,"content_filter_offsets":{}}]}"#,
      #"{"object":"new","choices":[]}"#, Stream.chunk(#"{"content":"yes"}"#), Stream.finish)
    #expect(message.text == Array("yes".utf8))
    #expect(message.text(at: "unrecognized") == #"[{"object":"new","choices":[]}]"#)
    #expect(message.wrongs.isEmpty && message.completeness == .complete)
  }

  @Test(
    "an error ends the message, and says why it is not whole",
    arguments: [
      (#"{"error":{"message":"Busy","type":"server_error","code":null}}"#, "server_error: Busy"),
      (#"{"error":{"message":"Off","code":502},"choices":[]}"#, "502: Off"),
      (#"{"error":{"code":"x"}}"#, "x"), (#"{"error":"gone"}"#, "gone"),
      (#"{"error":[1]}"#, "no reason"),
    ])
  func errors(data: String, reason: String) {
    let message = Stream.chat(Stream.chunk(#"{"content":"Hi"}"#), data, Stream.finish, "[DONE]")
    #expect(message.completeness.reason == "an error came: \(reason)")
    #expect(message.text == Array("Hi".utf8) && message.stopReason == nil)
    #expect(message.wrongs == ["3: it comes after an error"])
  }

  @Test(
    "what Python holds to be false is no error",
    arguments: ["null", "{}", "[]", "0", "false", "\"\""])
  func noErrors(error: String) {
    let data = Stream.finish.dropLast() + #","error":\#(error)}"#
    #expect(Stream.chat(String(data)).completeness == .complete)
  }

  @Test("nothing is added behind [DONE], whatever follows it on its line")
  func done() {
    let message = Stream.chat(Stream.finish, "[DONE] bye", Stream.chunk(#"{"content":"late"}"#))
    #expect(message.text.isEmpty && message.completeness == .complete)
    #expect(message.wrongs == ["3: it comes after [DONE]"])
  }

  @Test("thinking comes before text, and calls after what nobody knows")
  func content() {
    let message = Stream.chat(
      Stream.chunk(
        #"{"role":"assistant","function_call":{"name":"f","arguments":"{}"},"content":"C","#
          + #""audio":{"id":"a"},"annotations":[1],"reasoning_content":"R","images":[]}"#))
    #expect(message.content.map(\.kind) == [.thinking, .text, .other, .toolCall])
    #expect(message.content[2] == MessagePart(.other, name: "audio", Array(#"{"id":"a"}"#.utf8)))
  }
}

extension JSONValue {
  fileprivate var number: String? { if case .number(let text) = self { text } else { nil } }
}
