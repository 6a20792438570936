internal import EventStream
internal import LosslessJSON

/// The events of a plain stream, as a list: `[{"event":…,"data":…,"id":…}, …]`.
///
/// The text is the data of the events, a line feed behind each. Such a message is whole as soon as
/// its body is: there is no rule above the grammar. Where the API is one of ``PlainAPI``, what it
/// says is read by its rules, and only the message is that list.
struct PlainState: MessageState, ErrorTelling {
  /// What came; all else is made from it when it is asked for, so that it is held only once.
  private var events = PlainEvents()

  /// What the events say by the rules of their API; nil where it is not known.
  private var reading: PlainReading?

  /// Creates a state that stands before the first event.
  init(_ api: PlainAPI? = nil) { reading = api.map(PlainReading.init) }

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    events.append(event)
    return reading?.take(event, log: &log) ?? Array(event.data.utf8) + [Self.lineFeed]
  }

  private static let eventKey = Array("event".utf8)
  private static let dataKey = Array("data".utf8)
  private static let lineFeed = UInt8(ascii: "\n")

  var message: JSONValue? {
    guard !events.isEmpty else { return nil }
    // Most are of the type of the one before, and share its bytes.
    var type: [UInt8] = []
    return .array(
      events.map { event in
        if !type.elementsEqual(event.type) { type = Array(event.type) }
        var members: [JSONValue.Member] = [
          .init(key: Self.eventKey, value: .string(type)),
          .init(key: Self.dataKey, value: .string(Array(event.data))),
        ]
        if !event.lastEventID.isEmpty {
          members.append(.init(key: Array("id".utf8), value: .string(Array(event.lastEventID))))
        }
        return .object(members)
      })
  }

  var content: [MessagePart] { reading?.content ?? events.map(Self.part) }

  func forEachPart(_ body: (MessagePart) -> Void) {
    guard let reading else { return events.forEach { body(Self.part($0)) } }
    reading.content.forEach(body)
  }

  private static func part(_ event: PlainEvents.Element) -> MessagePart {
    let type = String(decoding: event.type, as: UTF8.self)
    return MessagePart(
      .text, name: type == "message" ? "" : type, Array(event.data) + [Self.lineFeed])
  }

  func saysTheSame(as other: any MessageState) -> Bool {
    guard let other = other as? PlainState, reading == nil, other.reading == nil else {
      return hasSameContent(as: other)
    }
    return events.elementsEqual(other.events) { $0.type == $1.type && $0.data == $1.data }
  }

  var stopReason: String? { reading?.stopReason }
  var usage: JSONValue? { reading?.usage }
  var completeness: Completeness { reading?.completeness ?? .complete }

  /// Of a stream that nobody knows, an event that calls itself an error is taken at its word.
  var reportedError: String? {
    if let reading { return reading.failure }
    let error = events.first { $0.type.elementsEqual("error".utf8) }
    return error.map {
      ErrorWords.inErrorEvent(
        ServerSentEvent(type: "error", data: String(decoding: $0.data, as: UTF8.self)))
    }
  }
}
