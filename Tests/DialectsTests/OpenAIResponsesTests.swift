import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite struct OpenAIResponsesTests {
  private typealias Stream = OpenAIStream

  private static let message = #"{"id":"i","type":"message","status":"in_progress","content":[]}"#
  private static let part = Stream.event(
    "content_part.added", #""content_index":0,"part":{"type":"output_text","text":""}"#)

  private static func delta(_ type: String, _ text: String, _ rest: String = #""x":0"#) -> String {
    Stream.event(type + ".delta", #""delta":"\#(text)",\#(rest)"#)
  }

  private static func text(_ text: String) -> String {
    delta("output_text", text, #""content_index":0"#)
  }

  @Test("the response of the last event is the message", arguments: ["completed", "incomplete"])
  func ending(how: String) throws {
    let rest = #""output":[],"incomplete_details":{"reason":"max_output_tokens"},"usage":{"a":1}"#
    let message = Stream.responses(
      Stream.created, Stream.added(Self.message), Self.part, Self.text("Hi"),
      Stream.event("output_item.done", #""item":\#(Self.message)"#), Stream.ended(how, rest))
    #expect(message.message == (try Stream.json(Stream.ended(how, rest)))["response"])
    #expect(message.completeness == .complete && message.wrongs.isEmpty)
    #expect(message.stopReason == (how == "completed" ? "completed" : "max_output_tokens"))
    #expect(message.usage == .object([.init("a", .number(1))]))
  }

  @Test("a response that failed is not whole, and says why")
  func failure() {
    let rest = #""output":[],"error":{"code":"server_error","message":"Sorry"}"#
    let message = Stream.responses(Stream.created, Stream.ended("failed", rest))
    #expect(message.completeness.reason == "the response failed: server_error: Sorry")
    #expect(message.stopReason == "failed")
  }

  @Test("a flat error waits for what the API says of it; one the SDK raises does not")
  func errors() {
    let flat = #"{"type":"error","code":"busy","message":"Wait"}"#
    #expect(
      Stream.responses(Stream.created, flat).completeness.reason == "an error came: busy: Wait")
    #expect(
      Stream.responses(Stream.created, flat, Stream.ended("completed", #""output":[]"#))
        .completeness == .complete)
    let nested = #"{"type":"error","error":{"type":"bad","message":"No"}}"#
    let raised = Stream.responses(
      Stream.created, nested, Stream.ended("failed", #""output":[]"#))
    #expect(raised.completeness.reason == "an error came: bad: No")
    #expect(raised.text(at: "status") == #""in_progress""# && raised.wrongs.isEmpty)
  }

  @Test(
    "until the item is done, its deltas stand where the finished item has them",
    arguments: [
      ("message", "output_text", #""content_index":0"#, "content.0.text"),
      ("message", "refusal", #""content_index":0"#, "content.0.refusal"),
      ("reasoning", "reasoning_text", #""content_index":0"#, "content.0.text"),
      ("reasoning", "reasoning_summary_text", #""summary_index":0"#, "summary.0.text"),
      ("function_call", "function_call_arguments", #""x":0"#, "arguments"),
      ("mcp_call", "mcp_call_arguments", #""x":0"#, "arguments"),
      ("custom_tool_call", "custom_tool_call_input", #""x":0"#, "input"),
      ("code_interpreter_call", "code_interpreter_call_code", #""x":0"#, "code"),
      ("shell_call", "shell_call_command", #""command_index":0"#, "action.commands.0"),
    ])
  func deltas(item: String, type: String, index: String, path: String) {
    let message = Stream.responses(
      Stream.created, Stream.added(#"{"id":"i","type":"\#(item)"}"#),
      Self.delta(type, "a", index), Self.delta(type, "b", index))
    #expect(message.text(at: "output.0." + path) == #""ab""#)
    #expect(message.completeness.reason == "no response.completed came")
    let whole =
      path.contains("commands") ? "command" : String(path.split(separator: ".").last ?? "")
    var done = message
    done.take(
      ServerSentEvent(data: Stream.event(type + ".done", #""\#(whole)":"ab",\#(index)"#)))
    #expect(done.wrongs == message.wrongs)
  }

  @Test("an item that is done takes the place of what its deltas gave")
  func itemDone() {
    let message = Stream.responses(
      Stream.created, Stream.added(Self.message), Self.part, Self.text("Hal"),
      Stream.event(
        "output_item.done",
        #""item":{"id":"i","type":"message","content":[{"type":"output_text","text":"Hello"}]}"#))
    #expect(message.text == Array("Hello".utf8) && message.wrongs.isEmpty)
  }

  @Test("a response that ends without its output has the items in its place, by their indices")
  func assembled() {
    let other =
      #"{"type":"response.output_item.done","output_index":0,"item":{"id":"o","type":"x"}}"#
    let late =
      #"{"type":"response.output_item.added","output_index":1,"item":{"id":"l","type":"y"}}"#
    let early =
      #"{"type":"response.output_item.added","output_index":0,"item":{"id":"o","type":"x"}}"#
    var message = Stream.responses(Stream.created, late, early, other)
    let sorted = #"[{"id":"o","type":"x"},{"id":"l","type":"y"}]"#
    #expect(message.text(at: "output") == sorted)
    message.take(ServerSentEvent(data: Stream.ended("incomplete", #""output":null"#)))
    #expect(message.text(at: "output") == sorted && message.wrongs.isEmpty)
  }

  @Test("annotations and the output of commands are kept in their items")
  func others() {
    let annotated = Stream.responses(
      Stream.created, Stream.added(Self.message), Self.part,
      Stream.event("output_text.annotation.added", #""content_index":0,"annotation":{"a":1}"#))
    #expect(annotated.text(at: "output.0.content.0.annotations") == #"[{"a":1}]"#)
    let shell = Stream.responses(
      Stream.created, Stream.added(#"{"id":"i","type":"shell_call_output","output":[]}"#),
      Stream.event("shell_call_output_content.delta", #""command_index":0,"delta":{"stdout":"a"}"#),
      Stream.event("shell_call_output_content.delta", #""command_index":0,"delta":{"stdout":"b"}"#))
    #expect(shell.text(at: "output.0.output") == #"[{"stdout":"ab"}]"#)
  }

  @Test("signs of life are passed over, types that nobody knows are kept")
  func otherTypes() {
    let message = Stream.responses(
      Stream.created, #"{"type":"keepalive","sequence_number":1}"#,
      #"{"type":"response.web_search_call.searching","output_index":0}"#,
      #"{"type":"response.hologram"}"#, "{}", Stream.ended("completed", #""output":[]"#))
    #expect(message.text(at: "unrecognized") == #"[{"type":"response.hologram"},{}]"#)
    #expect(message.wrongs.isEmpty)
  }

  @Test("text, refusals, thinking and calls are parts; other items are their JSON")
  func content() {
    let output =
      #"[{"type":"reasoning","summary":[{"text":"S"}],"content":[{"text":"R"}]},"#
      + #"{"type":"message","content":[{"type":"output_text","text":"T"},"#
      + #"{"type":"refusal","refusal":"N"}]},{"type":"function_call","name":"f","arguments":"{}"},"#
      + #"{"type":"custom_tool_call","name":"g","input":"x"},{"type":"web_search_call"}]"#
    let message = Stream.responses(
      Stream.created, Stream.ended("completed", #""output":\#(output)"#))
    #expect(
      message.content.map { "\($0.kind) \($0.name) \(String(decoding: $0.bytes, as: UTF8.self))" }
        == [
          "thinking  S", "thinking  R", "text  T", "refusal  N", "toolCall f {}", "toolCall g x",
          #"other web_search_call {"type":"web_search_call"}"#,
        ])
  }
}
