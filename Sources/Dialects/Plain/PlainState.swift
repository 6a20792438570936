internal import EventStream
internal import JSON

/// The events of a plain stream, as a list: `[{"event":…,"data":…,"id":…}, …]`.
///
/// The text is the data of the events, a line feed behind each. Such a message is whole as soon as its
/// body is: there is no rule above the grammar.
struct PlainState: MessageState {
  /// What came; the text is made from it when it is asked for, so that it is held only once.
  private var events: [JSONValue] = []

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    let data = Array(event.data.utf8)
    var members: [JSONValue.Member] = [
      .init("event", .string(event.type)), .init("data", .string(data)),
    ]
    if !event.lastEventID.isEmpty { members.append(.init("id", .string(event.lastEventID))) }
    events.append(.object(members))
    return data + [Self.lineFeed]
  }

  private static let lineFeed = UInt8(ascii: "\n")

  var message: JSONValue? { events.isEmpty ? nil : .array(events) }

  var content: [MessagePart] {
    events.map { event in
      let type = event["event"]?.text ?? ""
      let data = event["data"]?.stringBytes ?? []
      return MessagePart(.text, name: type == "message" ? "" : type, data + [Self.lineFeed])
    }
  }

  var stopReason: String? { nil }
  var usage: JSONValue? { nil }
  var completeness: Completeness { .complete }
}
