import EventStream
import LosslessJSON
import TestSupport
import Testing

@testable import Dialects

@Suite struct AnthropicBadInputTests {
  typealias Reading = AnthropicReading

  /// One event that is wrong, at the third place behind a start and a block of text.
  struct Flaw: CustomTestStringConvertible, Sendable {
    let data: String
    let problem: String
    var testDescription: String { problem }
  }

  static let flaws = [
    Flaw(data: Reading.start, problem: "it is a second message_start"),
    Flaw(data: Reading.text(7, "x"), problem: "there is no block 7"),
    Flaw(data: Reading.text(-2, "x"), problem: "there is no block -2"),
    Flaw(data: Reading.text(.min, "x"), problem: "there is no block \(Int.min)"),
    Flaw(data: Reading.text(.max, "x"), problem: "there is no block \(Int.max)"),
    Flaw(data: Reading.end(3), problem: "there is no block 3"),
    Flaw(
      data: #"{"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}"#,
      problem: "it has no index"),
    Flaw(
      data: #"{"type":"content_block_delta","index":"0","delta":{"type":"text_delta"}}"#,
      problem: "it has no index"),
    Flaw(data: Reading.delta(0, "[]"), problem: "it has no delta with a type"),
    Flaw(data: Reading.delta(0, #"{"type":3}"#), problem: "it has no delta with a type"),
    Flaw(data: Reading.delta(0, #"{"type":"text_delta"}"#), problem: "its delta has no text"),
    Flaw(
      data: Reading.delta(0, #"{"type":"text_delta","text":5}"#), problem: "its delta has no text"),
    Flaw(
      data: Reading.delta(0, #"{"type":"thinking_delta","thinking":"x"}"#),
      problem: "a block of the type text takes no thinking_delta"),
    Flaw(
      data: Reading.input(0, "{}"), problem: "a block of the type text takes no input_json_delta"),
    Flaw(data: #"{"type":"content_block_start","index":1}"#, problem: "it has no content_block"),
    Flaw(
      data: Reading.block(4, Reading.emptyText),
      problem: "its index is 4, and the block is number 1"),
    Flaw(
      data: #"{"type":"content_block_start","content_block":{"type":"text","text":""}}"#,
      problem: "its index is missing, and the block is number 1"),
    Flaw(
      data: Reading.block(1, #"{"type":"fallback"}"#),
      problem: "its block names no model to fall back to"),
    Flaw(
      data: #"{"type":"message_delta","delta":{"stop_reason":"x"}}"#, problem: "it has no usage"),
    Flaw(
      data: #"{"type":"message_delta","usage":{"output_tokens":1}}"#, problem: "it has no delta"),
    Flaw(
      data: #"{"type":"message_delta","delta":{},"usage":{}}"#,
      problem: "its usage has no output_tokens"),
    Flaw(data: Reading.stop, problem: "block 0 (text) was not stopped"),
  ]

  @Test(
    "an event that is wrong is noted by its number, and what came before is kept",
    arguments: flaws)
  func flaw(flaw: Flaw) {
    var reading = Reading(Reading.start, Reading.block(0, Reading.emptyText))
    reading.take([Reading.text(0, "kept"), flaw.data])
    #expect(reading.problems == ["4: \(flaw.problem)"])
    #expect(reading.content?.contains("kept") == true)
  }

  @Test("data that is no JSON object, and an event without a line, are noted and passed over")
  func noObject() {
    var reading = Reading(Reading.start)
    reading.take(ServerSentEvent(type: "content_block_delta", data: "oh no"))
    reading.take(ServerSentEvent(type: "content_block_delta", data: "[1]"))
    reading.take(ServerSentEvent(type: "message_delta", data: ""))
    reading.take(ServerSentEvent(data: Reading.finish))
    reading.take(
      ServerSentEvent(type: "x", data: String(repeating: "[", count: 100_000)))
    reading.take(ServerSentEvent(type: "x", data: #"{"x":1}"#))
    #expect(
      reading.problems == [
        "2: its data is not JSON: the JSON has an unexpected 'o', at column 1",
        "3: its data is not a JSON object",
        "5: it has no event line, so its message_delta is ignored",
        "6: its data is not JSON: the JSON nests deeper than 512, at column 513",
        "7: its data has no type",
      ])
    #expect(reading.accumulator.stopReason == nil && reading.content == "[]")
  }

  @Test("without a start, what comes is kept, and the message is not whole")
  func noStart() {
    let reading = Reading(
      Reading.block(0, Reading.emptyText), Reading.text(0, "hi"), Reading.end(0), Reading.finish,
      Reading.stop)
    #expect(reading.content == #"[{"type":"text","text":"hi"}]"#)
    #expect(reading.accumulator.stopReason == "end_turn")
    #expect(reading.reason == "no message_start came")
    #expect(reading.problems.count == 5)
  }

  @Test("a start that comes late begins the message, as for the SDK")
  func lateStart() {
    let reading = Reading(
      Reading.block(0, Reading.emptyText), Reading.text(0, "lost"), Reading.start,
      Reading.block(0, Reading.emptyText), Reading.text(0, "hi"))
    #expect(reading.content == #"[{"type":"text","text":"hi"}]"#)
    #expect(
      reading.problems == [
        "1: no message_start came before it", "2: no message_start came before it",
      ])
  }

  @Test("a start without content or usage is noted, and they are made when they are needed")
  func poorStart() {
    let reading = Reading(
      #"{"type":"message_start","message":{"content":null}}"#, Reading.block(0, Reading.emptyText),
      Reading.text(0, "a"), Reading.finish)
    #expect(
      reading.message == """
        {"content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","stop_sequence":null,\
        "usage":{"output_tokens":9}}
        """)
    #expect(
      reading.problems == [
        "1: its message has no list of content", "1: its message has no usage",
      ])
    #expect(Reading(#"{"type":"message_start"}"#).problems == ["1: it has no message"])
  }

  @Test("a block stands where it arrived, and an index below zero counts from the end")
  func indices() {
    let reading = Reading(
      Reading.start, Reading.block(5, Reading.emptyText), Reading.text(5, "no"),
      Reading.text(0, "a"), Reading.block(5, Reading.emptyText), Reading.text(-1, "b"))
    #expect(reading.content == #"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#)
  }

  @Test("what comes after the end of a block or of the message is added and noted")
  func late() {
    let reading = Reading(
      Reading.start, Reading.block(0, Reading.emptyText), Reading.end(0), Reading.text(0, "a"),
      Reading.end(0), Reading.finish, Reading.stop, Reading.text(0, "b"))
    #expect(reading.content == #"[{"type":"text","text":"ab"}]"#)
    #expect(
      reading.problems == [
        "4: block 0 was stopped before it", "5: block 0 was already stopped",
        "8: it comes after message_stop", "8: block 0 was stopped before it",
      ])
  }

  @Test("input that is no JSON is noted once, and what could be read of it is kept")
  func brokenInput() {
    let reading = Reading(
      Reading.start, Reading.block(0, Reading.tool), Reading.input(0, #"{"a":1,"#),
      Reading.input(0, "b"), Reading.input(0, ":2}"), Reading.end(0))
    #expect(reading.accumulator.message?["content"]?.elements?[0]["input"]?["a"] == .number(1))
    #expect(
      reading.problems == [
        "4: the tool's input is not JSON: the JSON has an unexpected 'b', at column 8",
        "6: the arguments of the tool in block 0 are not JSON: "
          + "the JSON has an unexpected 'b', at column 8",
      ])
    #expect(
      reading.accumulator.content
        == [MessagePart(.toolCall, name: "weather", Array(#"{"a":1,b:2}"#.utf8))])
    #expect(
      Reading(Reading.start, Reading.block(0, Reading.tool), Reading.input(0, " ")).problems
        == ["3: the tool's input holds no JSON yet"])
  }

  @Test("two blocks of one index share their input, as for the SDK")
  func sharedIndex() {
    let reading = Reading(
      Reading.start, Reading.block(0, Reading.tool), Reading.input(-1, #"{"a":"#),
      Reading.block(1, Reading.tool), Reading.input(-1, "1}"))
    let inputs = reading.accumulator.message?["content"]?.elements?.map { $0["input"] }
    #expect(inputs == [.object([]), .object([.init("a", .number(1))])])
  }

  @Test("of two indices that name one block, the one that came last has its say, as for the SDK")
  func twoIndices() {
    var reading = Reading(
      Reading.start, Reading.block(0, Reading.tool), Reading.input(0, #"{"a":1"#),
      Reading.input(-1, #"{"b":2}"#))
    func input() -> JSONValue? { reading.accumulator.message?["content"]?.elements?[0]["input"] }
    #expect(input() == .object([.init("b", .number(2))]))
    reading.take([Reading.input(0, "7}")])
    #expect(input() == .object([.init("a", .number(17))]))
    reading.take([Reading.input(-2, ""), Reading.end(0)])
    #expect(input() == .object([.init("a", .number(17))]))
    #expect(reading.accumulator.content.map(\.bytes) == [Array(#"{"a":17}"#.utf8)])
  }

  @Test("an error event says why the message is not whole, and what follows is noted")
  func error() {
    let reading = Reading(
      Reading.start, Reading.block(0, Reading.emptyText), Reading.text(0, "half"),
      #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
      Reading.finish, Reading.stop)
    #expect(reading.reason == "an error event came: overloaded_error: Overloaded")
    #expect(reading.content == #"[{"type":"text","text":"half"}]"#)
    #expect(reading.problems.first == "5: it comes after an error event")
    var broken = Reading(Reading.start)
    broken.take(ServerSentEvent(type: "error", data: "gone"))
    #expect(broken.reason == "an error event came: gone")
    #expect(broken.problems.count == 1)
  }

  @Test("why a message is not whole is said by what is missing")
  func completeness() {
    #expect(Reading().reason == "no message_start came")
    #expect(Reading(Reading.start).reason == "no stop_reason and no message_stop came")
    #expect(
      Reading(Reading.start, Reading.stop).reason == "message_stop came without a stop_reason")
    #expect(
      Reading(Reading.start, Reading.block(0, Reading.tool)).reason
        == "it ends inside block 0 (tool_use)")
    #expect(Reading(Reading.start, Reading.finish, Reading.stop).reason == nil)
  }

  @Test("deep JSON in a tool's input has an end")
  func deepInput() {
    var reading = Reading(Reading.start, Reading.block(0, Reading.tool))
    for _ in 0..<1000 { reading.take([Reading.input(0, #"{"a":[["#)]) }
    #expect(reading.problems.count == 1)
    #expect(reading.message != nil)
  }

  @Test("whatever is left out, doubled or moved of a stream never traps")
  func shuffled() {
    let events = [
      Reading.start, Reading.block(0, Reading.emptyText), Reading.text(0, "a"), Reading.end(0),
      Reading.block(1, Reading.tool), Reading.input(1, #"{"a":[1,"#), Reading.input(1, "2]}"),
      Reading.end(1), Reading.finish, Reading.stop, #"{"type":"ping"}"#, #"{"type":"new"}"#,
    ]
    var chance = SeededGenerator(3)
    for _ in 0..<500 {
      var reading = Reading()
      for _ in 0..<Int.random(in: 1...20, using: &chance) {
        reading.take([events.randomElement(using: &chance) ?? ""])
        let kinds = reading.accumulator.content.count
        #expect(kinds == reading.accumulator.message?["content"]?.elements?.count ?? 0)
      }
    }
  }
}
