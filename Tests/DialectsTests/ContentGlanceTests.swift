import EventStream
import Testing

@testable import Dialects

/// What can be told of an event without reading it.
struct ContentGlanceTests {
  @Test(
    arguments: [
      (#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#, true),
      (#"{"choices":[{"delta":{"content":"\"usage\":1 \"finish_reason\":\"stop\""}}]}"#, true),
      (#"{"choices":[{"delta":{"content":"usage"}}],"usage":null}"#, true),
      (#"{ "choices" : [ { "delta" : { "content" : "a" } } ] }"#, true),
      (#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"x"}}]}}]}"#, true),
      (#"{"choices":[{"delta":{"reasoning_content":"a"}}]}"#, true),
      (#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, nil),
      (#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#, nil),
      (#"{"choices":[{"delta":{"content":"a"}}],"usage":{"completion_tokens":1}}"#, nil),
      (#"{"choices":[{"delta":{"content":[{"text":"a"}]}}]}"#, nil),
      (#"{"error":{"message":"x"}}"#, nil), ("[DONE]", nil), (#"{"content":"#, nil), ("\"", nil),
    ] as [(String, Bool?)])
  func ofChat(data: String, isContent: Bool?) {
    #expect(ContentGlance(OpenAIChatDialect()).look(at: ServerSentEvent(data: data)) == isContent)
  }

  @Test(
    arguments: [
      (#"{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{}}"#, true),
      (#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"a"}}]}}]}"#, true),
      (#"{"candidates":[{"content":{"parts":[{"text":""}]}}]}"#, nil),
      (#"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}"#, nil),
      (#"{"error":{"code":500}}"#, nil),
    ] as [(String, Bool?)])
  func ofGemini(data: String, isContent: Bool?) {
    #expect(ContentGlance(GeminiDialect()).look(at: ServerSentEvent(data: data)) == isContent)
  }

  @Test(
    arguments: [
      ("content_block_delta", true), ("ping", false), ("message_delta", nil), ("error", nil),
    ] as [(String, Bool?)])
  func ofAnthropic(type: String, isContent: Bool?) {
    let event = ServerSentEvent(type: type, data: "{}")
    #expect(ContentGlance(AnthropicDialect()).look(at: event) == isContent)
  }

  @Test(
    arguments: [
      ("response.output_text.delta", true), ("response.completed", nil), ("error", nil),
    ] as [(String, Bool?)])
  func ofResponses(type: String, isContent: Bool?) {
    let event = ServerSentEvent(type: type, data: "{}")
    #expect(ContentGlance(OpenAIResponsesDialect()).look(at: event) == isContent)
  }
}
