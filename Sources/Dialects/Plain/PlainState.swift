internal import EventStream
internal import JSON

/// The events of a plain stream, as a list: `[{"event":…,"data":…,"id":…}, …]`.
///
/// The text is the data of the events, a line feed behind each. Such a message is whole as soon as its
/// body is: there is no rule above the grammar. Where the API is one of ``PlainAPI``, what it says is read
/// by its rules, and only the message is that list.
struct PlainState: MessageState {
  /// What came; the text is made from it when it is asked for, so that it is held only once.
  private var events: [JSONValue] = []

  /// The type of the last event: most are of the type of the one before, and share its bytes.
  private var type: [UInt8] = []

  /// What the events say by the rules of their API; nil where it is not known.
  private var reading: PlainReading?

  /// Creates a state that stands before the first event.
  init(_ api: PlainAPI? = nil) { reading = api.map(PlainReading.init) }

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if !type.elementsEqual(event.type.utf8) { type = Array(event.type.utf8) }
    let data = Array(event.data.utf8)
    var members: [JSONValue.Member] = [
      .init(key: Self.eventKey, value: .string(type)),
      .init(key: Self.dataKey, value: .string(data)),
    ]
    if !event.lastEventID.isEmpty { members.append(.init("id", .string(event.lastEventID))) }
    events.append(.object(members))
    return reading?.take(event, log: &log) ?? data + [Self.lineFeed]
  }

  private static let eventKey = Array("event".utf8)
  private static let dataKey = Array("data".utf8)
  private static let lineFeed = UInt8(ascii: "\n")

  var message: JSONValue? { events.isEmpty ? nil : .array(events) }

  var content: [MessagePart] {
    if let reading { return reading.content }
    return events.map { event in
      let type = event["event"]?.text ?? ""
      let data = event["data"]?.stringBytes ?? []
      return MessagePart(.text, name: type == "message" ? "" : type, data + [Self.lineFeed])
    }
  }

  var stopReason: String? { reading?.stopReason }
  var usage: JSONValue? { reading?.usage }
  var completeness: Completeness { reading?.completeness ?? .complete }
}
