import EventStream
import LosslessJSON
import TestSupport

@testable import Dialects

/// Streams as tests write them: the data of the events, one after another.
enum OpenAIStream {
  static func taken(_ dialect: any Dialect, _ data: [String]) -> MessageAccumulator {
    var message = MessageAccumulator(dialect)
    for data in data { message.take(ServerSentEvent(data: data)) }
    return message
  }

  static func chat(_ data: String...) -> MessageAccumulator { taken(OpenAIChatDialect(), data) }

  static func responses(_ data: String...) -> MessageAccumulator {
    taken(OpenAIResponsesDialect(), data)
  }

  /// A chunk with one choice, and whatever else a test wants to say of it.
  static func chunk(_ delta: String, _ rest: String = #""finish_reason":null"#) -> String {
    #"{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(delta),\#(rest)}]}"#
  }

  static let finish = chunk("{}", #""finish_reason":"stop""#)

  /// An event of the Responses API about the first item.
  static func event(_ type: String, _ rest: String) -> String {
    #"{"type":"response.\#(type)","output_index":0,"item_id":"i",\#(rest)}"#
  }

  static let created =
    #"{"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}"#

  static func added(_ item: String) -> String { event("output_item.added", #""item":\#(item)"#) }

  static func ended(_ how: String, _ rest: String) -> String {
    #"{"type":"response.\#(how)","response":{"id":"r","status":"\#(how)",\#(rest)}}"#
  }

  static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }
}

extension MessageAccumulator {
  /// What was wrong, each as `EVENT: TEXT`.
  var wrongs: [String] { log.problems.map { "\($0.event): \($0.text)" } }

  /// The value at the end of a path such as `choices.0.message`.
  func value(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(message) { value, step in
      if let index = Int(step), let elements = value?.elements {
        elements.indices.contains(index) ? elements[index] : nil
      } else {
        value?[String(step)]
      }
    }
  }

  /// The same as compact JSON.
  func text(at path: String) -> String? {
    value(path).map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
