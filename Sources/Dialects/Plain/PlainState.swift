internal import EventStream
internal import JSON

/// The events of a plain stream, as a list: `[{"event":…,"data":…,"id":…}, …]`.
///
/// The text is the data of the events, a line feed behind each. Such a message is whole as soon as its
/// body is: there is no rule above the grammar.
struct PlainState: MessageState {
  private var events: [JSONValue] = []
  private var parts: [MessagePart] = []

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    var members: [JSONValue.Member] = [
      .init("event", .string(event.type)), .init("data", .string(event.data)),
    ]
    if !event.lastEventID.isEmpty { members.append(.init("id", .string(event.lastEventID))) }
    events.append(.object(members))
    let text = Array(event.data.utf8) + [UInt8(ascii: "\n")]
    parts.append(MessagePart(.text, name: event.type == "message" ? "" : event.type, text))
    return text
  }

  var message: JSONValue? { events.isEmpty ? nil : .array(events) }
  var content: [MessagePart] { parts }
  var stopReason: String? { nil }
  var usage: JSONValue? { nil }
  var completeness: Completeness { .complete }
}
