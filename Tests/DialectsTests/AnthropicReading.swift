import EventStream
import LosslessJSON
import Testing

@testable import Dialects

/// A stream of Anthropic's as a test writes it, and what becomes of it.
struct AnthropicReading {
  private(set) var accumulator = MessageAccumulator(AnthropicDialect())
  private(set) var added = ""

  /// Takes events, given by their data; the type in it is that of the event.
  init(_ data: String...) { take(data) }

  mutating func take(_ data: [String]) {
    for text in data {
      let type = (try? JSONValue(parsing: text))?["type"]?.text
      take(ServerSentEvent(type: type ?? "message", data: text))
    }
  }

  mutating func take(_ event: ServerSentEvent) {
    added += String(decoding: accumulator.take(event), as: UTF8.self)
  }

  var message: String? {
    accumulator.message.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// The content alone.
  var content: String? {
    accumulator.message?["content"].map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// The problems, each as `event: text`.
  var problems: [String] { accumulator.log.problems.map { "\($0.event): \($0.text)" } }

  var reason: String? { accumulator.completeness.reason }

  // The events that most tests need.
  static let start = """
    {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"a",\
    "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,\
    "cache_read_input_tokens":2,"output_tokens":1}}}
    """
  static let finish = """
    {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
    "usage":{"output_tokens":9}}
    """
  static let stop = #"{"type":"message_stop"}"#

  static func block(_ index: Int, _ block: String) -> String {
    #"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#
  }

  static func delta(_ index: Int, _ delta: String) -> String {
    #"{"type":"content_block_delta","index":\#(index),"delta":\#(delta)}"#
  }

  static func text(_ index: Int, _ text: String) -> String {
    delta(index, #"{"type":"text_delta","text":"\#(text)"}"#)
  }

  /// A piece of a tool's input.
  static func input(_ index: Int, _ piece: String) -> String {
    let escaped = String(decoding: JSONValue.string(piece).bytes, as: UTF8.self)
    return delta(index, #"{"type":"input_json_delta","partial_json":\#(escaped)}"#)
  }

  static func end(_ index: Int) -> String {
    #"{"type":"content_block_stop","index":\#(index)}"#
  }

  static let emptyText = #"{"type":"text","text":""}"#
  static let tool = #"{"type":"tool_use","id":"t","name":"weather","input":{}}"#
}
