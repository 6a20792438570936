internal import Cassettes
internal import Documents
internal import EventStream

/// The events of a stream as Chrome notes them: `_eventSourceMessages`, whose `time` is seconds
/// since 1970.
struct HARMessages {
  /// One event.
  struct Message {
    /// When it came, in microseconds since 1970, or nil.
    var at: Int64?
    /// The event.
    var event: ServerSentEvent
  }

  /// The events, in order.
  var messages: [Message] = []

  /// Reads the events of an entry; nil where it has none.
  init?(of entry: HAREntry) throws {
    guard let list = entry.node["_eventSourceMessages"], !list.isNull else { return nil }
    guard let items = list.items else {
      throw ImportError.expected("a sequence for _eventSourceMessages", list)
    }
    for item in items {
      guard item.members != nil else { throw ImportError.expected("an event's mapping", item) }
      let time = item["time"]
      if let time, time.double == nil { throw ImportError.expected("seconds for time", time) }
      let type = try entry.text("eventName", of: item) ?? ""
      messages.append(
        Message(
          at: time?.double.flatMap(HARTime.microseconds(seconds:)),
          event: ServerSentEvent(
            type: type.isEmpty ? "message" : type, data: try entry.text("data", of: item) ?? "",
            lastEventID: try entry.text("eventId", of: item) ?? "")))
    }
    if messages.isEmpty { return nil }
  }

  /// Gives the events of a body their times, and makes the body where the entry has none, or not
  /// all of it.
  ///
  /// - Parameters:
  ///   - text: The body, or nil where the entry has none.
  ///   - timings: The times of the entry.
  ///   - capture: Receives the body, the times, and what is to be said.
  /// - Returns: Whether the messages belong to the body, so that its times are known.
  func settle(_ text: [UInt8]?, _ timings: HARTimings, in capture: inout Capture) -> Bool {
    var body = text ?? []
    var ends: [Int] = []
    var isSame = true
    var parser = EventStreamParser(eventLimitBytes: .max)
    parser.parse(body) { event in
      if ends.count < messages.count {
        isSame = isSame && messages[ends.count].event.data == event.data
      }
      ends.append(event.block.upperBound)
    }
    guard isSame else {
      capture.losses.append("its event messages are not those of its body, and are left out")
      return false
    }
    if ends.count < messages.count {
      add(messages[ends.count...], to: &body, &ends, lastEventID: parser.lastEventID)
      let what = text == nil ? "its body is" : "what its body lacks is"
      capture.losses.append("\(what) made from its event messages: comments and retry are lost")
    }
    capture.body = body
    capture.times = times(of: ends, count: body.count, timings)
    return true
  }

  /// Writes the events behind those that the body has whole.
  private func add(
    _ rest: ArraySlice<Message>, to body: inout [UInt8], _ ends: inout [Int], lastEventID: String
  ) {
    body.removeSubrange((ends.last ?? 0)...)
    var encoder = EventStreamEncoder()
    if !lastEventID.isEmpty {
      _ = encoder.encode(ServerSentEvent(data: "", lastEventID: lastEventID))
    }
    for message in rest {
      body += encoder.encode(message.event)
      ends.append(body.count)
    }
  }

  /// When each event came; bytes behind the last one came with the end.
  private func times(of ends: [Int], count: Int, _ timings: HARTimings) -> Capture.Times {
    var last = timings.head
    var chunks: [Chunk] = []
    for (number, end) in ends.enumerated() {
      if number < messages.count, let at = messages[number].at.flatMap(timings.sinceSent) {
        last = max(last, at)
      } else if number >= messages.count {
        last = max(last, timings.end)
      }
      chunks.append(Chunk(end: end, at: last))
    }
    if (ends.last ?? 0) < count { chunks.append(Chunk(end: count, at: max(last, timings.end))) }
    return .arrivals(chunks, head: timings.head, end: max(last, timings.end))
  }
}
