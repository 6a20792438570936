import EventStream
import LosslessJSON
import TestSupport
import Testing

@testable import Dialects

@Suite struct OpenAIBadInputTests {
  private typealias Stream = OpenAIStream

  @Test(
    "a chunk with something wrong is noted, and what is right of it is kept",
    arguments: [
      ("no JSON", "its data is not JSON: the JSON has an unexpected 'n', at column 1"),
      ("[1]", "its data is not a JSON object"),
      (#"{"object":"chat.completion.chunk"}"#, "it has no choices"),
      (
        #"{"choices":[{"index":0,"delta":{}}]}"#,
        "it has no `object`, so clients that check it ignore the chunk"
      ),
      (
        #"{"object":"chat.completion.chunk","choices":[{"index":0,"delta":null}]}"#,
        "the delta of a choice is null"
      ),
      (#"{"object":"chat.completion.chunk","choices":[1]}"#, "a choice is not an object"),
      (#"{"object":"chat.completion.chunk","choices":[{"index":0}]}"#, "a choice has no delta"),
      (#"{"object":"chat.completion.chunk","choices":[{"delta":{}}]}"#, "a choice has no index"),
      (
        #"{"object":"chat.completion.chunk","choices":[{"index":7,"delta":{}}]}"#,
        "choice 7 is out of order"
      ),
      (Stream.chunk(#"{"content":[1]}"#), "a part of the content is not an object"),
      (
        Stream.chunk(#"{"tool_calls":[{"id":"x","function":{}}]}"#),
        "an entry of a list has no index"
      ),
      (Stream.chunk(#"{"tool_calls":[{"index":0}]}"#), "a tool call has no function"),
      (
        Stream.chunk(#"{"tool_calls":[{"index":3,"function":{}}]}"#),
        "entry 3 of a list is out of order"
      ),
      (Stream.chunk("{}", #""logprobs":1"#), "`logprobs` is not an object"),
    ])
  func chunks(data: String, wrong: String) {
    let message = Stream.chat(
      Stream.chunk(#"{"content":"Hi","tool_calls":[{"index":0,"function":{}}]}"#), data,
      Stream.chunk(#"{"content":"!"}"#))
    #expect(message.wrongs == ["2: \(wrong)"])
    #expect(message.text == Array("Hi!".utf8))
  }

  @Test("content of another type is kept where nothing is lost")
  func mismatch() {
    let message = Stream.chat(
      Stream.chunk(#"{"content":"Hi","refusal":"No"}"#), Stream.chunk(#"{"refusal":[1]}"#),
      Stream.chunk(#"{"content":[{"type":"x"}]}"#))
    #expect(message.text(at: "unrecognized") == #"[{"refusal":[1]}]"#)
    #expect(
      message.text(at: "choices.0.message.content")
        == #"[{"type":"text","text":"Hi"},{"type":"x"}]"#)
  }

  @Test("entries that come out of their order are not mixed up")
  func order() {
    func call(_ index: Int, _ text: String) -> String {
      Stream.chunk(#"{"tool_calls":[{"index":\#(index),"function":{"arguments":"\#(text)"}}]}"#)
    }
    let message = Stream.chat(call(5, "a"), call(1, "b"), call(5, "c"), call(1, "d"))
    #expect(message.content.map { String(decoding: $0.bytes, as: UTF8.self) } == ["ac", "bd"])
  }

  @Test(
    "an event that does not fit is noted, and what is right of it is kept",
    arguments: [
      (#"{"type":"response.created"}"#, "it has no response"),
      (#"{"type":"response.in_progress","response":{"id":"z"}}"#, "it belongs to another response"),
      (Stream.added(#"{"type":"message"}"#), "output item 0 began already"),
      (#"{"type":"response.output_item.added","item":{}}"#, "it has no output_index"),
      (#"{"type":"response.output_item.done","output_index":0}"#, "it has no item"),
      (
        Stream.event("output_item.done", #""item":{"id":"z","type":"message"}"#),
        "output item 0 was a different item before"
      ),
      (
        Stream.event("output_text.delta", #""content_index":0,"delta":1"#),
        "its delta is not a string, or its item is not a message"
      ),
      (
        Stream.event("function_call_arguments.delta", #""delta":"{""#),
        "its delta is not a string, or its item is not a function_call"
      ),
      (
        Stream.event("output_text.done", #""content_index":0,"text":"Ho""#),
        "the complete value differs from what the deltas gave"
      ),
      (#"{"type":"response.output_text.delta","delta":"x"}"#, "it has no output_index"),
    ])
  func events(data: String, wrong: String) {
    let message = Stream.responses(
      Stream.created, Stream.added(#"{"id":"i","type":"message"}"#),
      Stream.event(
        "content_part.added", #""content_index":0,"part":{"type":"output_text","text":""}"#),
      Stream.event("output_text.delta", #""content_index":0,"delta":"Hi""#), data)
    #expect(message.wrongs == ["5: \(wrong)"])
    #expect(message.text == (wrong.contains("a different item before") ? [] : Array("Hi".utf8)))
  }

  @Test("deltas without a response, an item and a part make them, and say so")
  func missingStarts() {
    let delta = Stream.event("output_text.delta", #""content_index":9,"delta":"Hi""#)
    let message = Stream.responses(delta, delta)
    #expect(message.text == Array("HiHi".utf8))
    #expect(
      message.wrongs == [
        "1: no response.created came before it", "1: output item 0 never began",
        "1: no output_text began as part 9 of the item",
        "2: no output_text began as part 9 of the item",
      ])
  }

  @Test("what comes behind the end changes nothing")
  func behindTheEnd() {
    let end = Stream.ended("completed", #""output":[]"#)
    let message = Stream.responses(Stream.created, end, Stream.added("{}"), "[DONE]", end)
    #expect(message.text(at: "output") == "[]")
    #expect(message.wrongs == ["3: it comes after the end", "5: it comes after [DONE]"])
  }

  @Test("a response that completes with an item that is not done says so")
  func unfinished() {
    let message = Stream.responses(
      Stream.created, Stream.added(#"{"id":"i","type":"message"}"#),
      Stream.ended("completed", #""output":[]"#))
    #expect(message.wrongs == ["3: output item 0 is not done"])
  }

  @Test(
    "numbers are hostile", arguments: ["-1", "9223372036854775807", "1e300", "\"0\"", "null", "{}"])
  func numbers(index: String) {
    let chat = Stream.chat(
      #"{"object":"chat.completion.chunk","choices":[{"index":\#(index),"delta":{"content":"Hi","#
        + #""tool_calls":[{"index":\#(index),"function":{"arguments":"x"}}]}}]}"#)
    #expect(chat.text == Array("Hi".utf8) && !chat.wrongs.isEmpty)
    let responses = Stream.responses(
      Stream.created, Stream.added(#"{"id":"i","type":"message"}"#),
      Stream.event("output_text.delta", #""content_index":\#(index),"delta":"Hi""#),
      #"{"type":"response.output_text.delta","output_index":\#(index),"delta":"Ho"}"#)
    #expect(!responses.wrongs.isEmpty)
    #expect(String(decoding: responses.text, as: UTF8.self).contains("Hi"))
  }

  @Test("deltas of a megabyte and deep JSON are taken")
  func big() {
    let text = String(repeating: "x", count: 1 << 20)
    let message = Stream.chat(
      Stream.chunk(#"{"content":"\#(text)"}"#), Stream.chunk(#"{"content":"\#(text)"}"#))
    #expect(message.text.count == 2 << 20)
    let deep =
      String(repeating: #"{"a":"#, count: 400) + #""x""# + String(repeating: "}", count: 400)
    #expect(Stream.chat(Stream.chunk(deep), Stream.chunk(deep)).wrongs.isEmpty)
    let tooDeep = String(repeating: "[", count: 600)
    #expect(Stream.chat(tooDeep).wrongs.count == 1 && Stream.responses(tooDeep).wrongs.count == 1)
  }

  @Test("a long text is added to in place, with a snapshot after every event")
  func inPlace() {
    let streams: [(any Dialect, String, [String], String)] = [
      (OpenAIChatDialect(), "choices.0.message.content", [], Stream.chunk(#"{"content":"word"}"#)),
      (
        OpenAIResponsesDialect(), "output.0.content.0.text",
        [Stream.created, Stream.added(#"{"id":"i","type":"message"}"#)],
        Stream.event("output_text.delta", #""content_index":0,"delta":"word""#)
      ),
    ]
    for (dialect, path, start, delta) in streams {
      var message = Stream.taken(dialect, start)
      var (moves, last) = (0, UnsafeRawPointer(bitPattern: 0))
      for _ in 0..<4000 {
        message.take(ServerSentEvent(data: delta))
        let place = message.value(path)?.stringBytes?.withUnsafeBytes { $0.baseAddress }
        if place != last { (moves, last) = (moves + 1, place ?? nil) }
      }
      #expect(message.text.count == 16000 && moves < 40)
    }
  }

  @Test("objects do not grow without a bound")
  func wide() {
    let keys = (0..<2000).map { #""k\#($0)":1"# }.joined(separator: ",")
    let message = Stream.chat(Stream.chunk(#"{"content":""}"#), Stream.chunk("{\(keys)}"))
    #expect(message.value("choices.0.message")?.members?.count == DeltaMerge.memberLimit + 1)
    #expect(message.value("unrecognized")?.elements?.count == 2000 - DeltaMerge.memberLimit)
  }

  @Test("events of any kind in any order make a message and no crash", arguments: 0..<20)
  func shuffled(seed: UInt64) {
    var random = SeededGenerator(seed)
    let pieces = [
      Stream.created, Stream.added(#"{"id":"i","type":"message","content":1}"#),
      Stream.added(#"{"id":"i","type":"reasoning"}"#), Stream.ended("completed", #""output":1"#),
      Stream.event("content_part.added", #""content_index":0,"part":[]"#),
      Stream.event("content_part.done", #""content_index":0,"part":"x""#),
      Stream.event("output_text.delta", #""content_index":0,"delta":"Hi""#),
      Stream.event("output_text.done", #""content_index":-1,"text":"Hi""#),
      Stream.event("output_text.annotation.added", #""content_index":2,"annotation":null"#),
      Stream.event("reasoning_summary_text.delta", #""summary_index":0,"delta":"x""#),
      Stream.event(
        "shell_call_output_content.delta", #""command_index":-5,"delta":{"stdout":"x"}"#),
      Stream.event("output_item.done", #""item":{"type":7}"#), Stream.chunk(#"{"content":1}"#),
      Stream.chunk(#"{"content":"x","tool_calls":{}}"#), Stream.chunk("[]"), Stream.finish,
      #"{"object":"chat.completion.chunk","choices":{}}"#, "", "null", #"{"type":1}"#,
    ]
    let data = (0..<60).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
    for dialect in [OpenAIChatDialect(), OpenAIResponsesDialect()] as [any Dialect] {
      let message = Stream.taken(dialect, data)
      #expect(message.log.problemCount > 0 && message.log.event == 60)
      #expect((try? JSONValue(parsing: message.message?.bytes ?? [], nesting: 512)) != nil)
    }
  }
}
