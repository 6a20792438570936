import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite struct AnthropicStateTests {
  typealias Reading = AnthropicReading

  @Test("text grows delta by delta, and the message is whole after its stop")
  func text() {
    var reading = Reading(Reading.start, Reading.block(0, Reading.emptyText))
    #expect(reading.content == #"[{"type":"text","text":""}]"#)
    reading.take([Reading.text(0, "Hel"), Reading.text(0, "lo\\n")])
    #expect(reading.content == #"[{"type":"text","text":"Hello\n"}]"#)
    #expect(reading.reason == "it ends inside block 0 (text)")
    reading.take([Reading.end(0), Reading.finish])
    #expect(reading.reason == "no message_stop came")
    reading.take([Reading.stop])
    #expect(reading.reason == nil)
    #expect(reading.accumulator.stopReason == "end_turn")
    #expect(reading.added == "Hello\n")
    #expect(reading.problems.isEmpty)
    #expect(
      reading.message == """
        {"id":"m","type":"message","role":"assistant","model":"a",\
        "content":[{"type":"text","text":"Hello\\n"}],"stop_reason":"end_turn","stop_sequence":null,\
        "usage":{"input_tokens":4,"cache_read_input_tokens":2,"output_tokens":9}}
        """)
  }

  @Test("the input of a tool is that of its joined pieces, also while they come")
  func toolInput() {
    var reading = Reading(Reading.start, Reading.block(0, Reading.tool), Reading.input(0, ""))
    #expect(reading.accumulator.message?["content"]?.elements?[0]["input"] == .object([]))
    let steps = [
      (#"{"city": "Par"#, "{}"), (#"is", "days": 1"#, #"{"city":"Paris","days":1}"#),
      (#"2, "x": [tr"#, #"{"city":"Paris","days":12,"x":[]}"#),
      ("ue]}", #"{"city":"Paris","days":12,"x":[true]}"#),
    ]
    for (piece, value) in steps {
      reading.take([Reading.input(0, piece)])
      let input = reading.accumulator.message?["content"]?.elements?[0]["input"]
      #expect(input.map { String(decoding: $0.bytes, as: UTF8.self) } == value)
    }
    reading.take([Reading.end(0)])
    #expect(
      reading.accumulator.content == [
        MessagePart(
          .toolCall, name: "weather", Array(#"{"city": "Paris", "days": 12, "x": [true]}"#.utf8))
      ])
  }

  @Test(
    "the calls of every kind of tool have their input",
    arguments: ["tool_use", "server_tool_use", "mcp_tool_use"])
  func toolKinds(type: String) {
    let reading = Reading(
      Reading.start, Reading.block(0, #"{"type":"\#(type)","name":"n","input":{}}"#),
      Reading.input(0, #"{"a":1}"#), Reading.end(0))
    #expect(reading.content == #"[{"type":"\#(type)","name":"n","input":{"a":1}}]"#)
    #expect(reading.problems.isEmpty)
  }

  @Test("a tool's input that came whole stays as it is")
  func wholeInput() {
    let block = #"{"type":"tool_use","name":"n","input":{"q":1.0}}"#
    let reading = Reading(Reading.start, Reading.block(0, block), Reading.end(0))
    #expect(reading.content == "[\(block)]")
    #expect(
      reading.accumulator.content == [MessagePart(.toolCall, name: "n", Array(#"{"q":1.0}"#.utf8))])
  }

  @Test("thinking grows, and the last signature counts")
  func thinking() {
    let reading = Reading(
      Reading.start, Reading.block(0, #"{"type":"thinking","thinking":"","signature":""}"#),
      Reading.delta(0, #"{"type":"thinking_delta","thinking":"hm","estimated_tokens":2}"#),
      Reading.delta(0, #"{"type":"thinking_delta","thinking":"m"}"#),
      Reading.delta(0, #"{"type":"signature_delta","signature":"s1"}"#),
      Reading.delta(0, #"{"type":"signature_delta","signature":"s2"}"#), Reading.end(0),
      Reading.block(1, #"{"type":"redacted_thinking","data":"zz"}"#), Reading.end(1))
    #expect(
      reading.content == """
        [{"type":"thinking","thinking":"hmm","signature":"s2"},\
        {"type":"redacted_thinking","data":"zz"}]
        """)
    #expect(reading.accumulator.content.map(\.kind) == [.thinking, .other])
    #expect(reading.added.isEmpty && reading.problems.isEmpty)
  }

  @Test(
    "citations are added to those of the block, whether it has a list of them or not",
    arguments: [#"{"type":"text","text":"","citations":[]}"#, Reading.emptyText])
  func citations(block: String) {
    let reading = Reading(
      Reading.start, Reading.block(0, block),
      Reading.delta(0, #"{"type":"citations_delta","citation":{"cited_text":"a"}}"#),
      Reading.delta(0, #"{"type":"citations_delta","citation":{"cited_text":"b"}}"#))
    #expect(
      reading.content
        == #"[{"type":"text","text":"","citations":[{"cited_text":"a"},{"cited_text":"b"}]}]"#)
    #expect(reading.accumulator.content == [MessagePart(.text, [])])
  }

  @Test("a compaction replaces the content of its block, and makes up no key")
  func compaction() {
    let start = Reading.block(0, #"{"type":"compaction","content":null}"#)
    let plain = Reading.delta(0, #"{"type":"compaction_delta","content":"short"}"#)
    #expect(
      Reading(Reading.start, start, plain).content == #"[{"type":"compaction","content":"short"}]"#)
    let sealed = Reading.delta(
      0, #"{"type":"compaction_delta","content":null,"encrypted_content":"zz"}"#)
    #expect(
      Reading(Reading.start, start, plain, sealed).content
        == #"[{"type":"compaction","content":null,"encrypted_content":"zz"}]"#)
  }

  @Test("a result of a server's tool stays as it came")
  func serverToolResult() {
    let block = #"{"type":"web_search_tool_result","tool_use_id":"t","content":[{"url":"u"}]}"#
    let reading = Reading(Reading.start, Reading.block(0, block), Reading.end(0))
    #expect(reading.content == "[\(block)]")
    #expect(
      reading.accumulator.content
        == [MessagePart(.other, name: "web_search_tool_result", Array(block.utf8))])
  }

  @Test("a fallback names the model that goes on")
  func fallback() {
    let reading = Reading(
      Reading.start,
      Reading.block(0, #"{"type":"fallback","from":{"model":"a"},"to":{"model":"b"}}"#))
    #expect(reading.accumulator.message?["model"] == .string("b"))
  }

  @Test("what the last delta says replaces what the start said, but for what it leaves out")
  func messageDelta() throws {
    let reading = Reading(
      Reading.start,
      """
      {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,\
      "stop_details":{"category":"c"},"container":{"id":"k"}},"usage":{"output_tokens":5,\
      "input_tokens":7,"cache_read_input_tokens":null,"server_tool_use":{"web_search_requests":1},\
      "iterations":[],"output_tokens_details":{"n":1},"fallback_credit":{"status":"x"},"other":1},\
      "context_management":{"applied_edits":[]},"input_transformations":[1]}
      """)
    let message = try #require(reading.accumulator.message)
    #expect(message["stop_details"]?["category"] == .string("c"))
    #expect(message["container"]?["id"] == .string("k"))
    #expect(message["context_management"] != nil && message["input_transformations"] != nil)
    #expect(
      reading.accumulator.usage.map { String(decoding: $0.bytes, as: UTF8.self) } == """
        {"input_tokens":7,"cache_read_input_tokens":2,"output_tokens":5,\
        "server_tool_use":{"web_search_requests":1},"output_tokens_details":{"n":1},\
        "iterations":[],"fallback_credit":{"status":"x"}}
        """)
  }

  @Test("a stop reason that a later delta leaves out is null again, and none is made up")
  func stopReasonLeftOut() {
    var reading = Reading(Reading.start, Reading.finish)
    reading.take([#"{"type":"message_delta","delta":{},"usage":{"output_tokens":10}}"#])
    #expect(reading.accumulator.stopReason == nil)
    #expect(reading.accumulator.message?["stop_reason"] == .null)
    #expect(reading.accumulator.message?["stop_details"] == nil)
  }

  @Test("of a key that comes twice the last value counts")
  func keyTwice() {
    let reading = Reading(
      Reading.start, Reading.block(0, #"{"type":"text","text":"a","text":"b"}"#),
      Reading.delta(0, #"{"type":"text_delta","text":"c","text":"d"}"#))
    #expect(reading.content == #"[{"type":"text","text":"bd"}]"#)
  }

  @Test("an event of an unknown name counts by the type in its data, as for the SDK")
  func typeInData() {
    var reading = Reading(Reading.start, Reading.block(0, Reading.emptyText))
    reading.take(ServerSentEvent(type: "brand_new", data: Reading.text(0, "a")))
    reading.take(ServerSentEvent(type: "ping", data: Reading.text(0, "b")))
    #expect(reading.added == "a")
    #expect(reading.problems.isEmpty)
  }

  @Test("pings change nothing")
  func ping() {
    let reading = Reading(#"{"type":"ping"}"#, Reading.start, #"{"type": "ping"}"#)
    #expect(reading.problems.isEmpty && reading.content == "[]")
  }

  @Test("unknown events, blocks and deltas are kept as they came")
  func unknown() {
    let event = #"{"type":"brand_new","x":1.50}"#
    let block = #"{"type":"hologram","rays":[1]}"#
    let deltas = [
      Reading.delta(0, #"{"type":"ray_delta","ray":2}"#), Reading.text(0, "on an unknown block"),
    ]
    var reading = Reading(Reading.start, event, Reading.block(0, block))
    reading.take(deltas)
    reading.take([Reading.end(0)])
    #expect(reading.content == "[\(block)]")
    let kept = reading.accumulator.message?["unrecognized"]?.elements?.map(\.bytes)
    #expect(kept == ([event] + deltas).map { Array($0.utf8) })
    #expect(reading.problems.isEmpty)
    #expect(
      reading.accumulator.content == [MessagePart(.other, name: "hologram", Array(block.utf8))])
  }
}
