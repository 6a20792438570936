package import Cassettes
package import EventStream

/// A message in the making, which still knows where its bytes stand in the recording.
///
/// The planner makes one of an exchange, and faults and the pace change it.
package struct Draft: Sendable {
  /// What will be sent; its body is there once the content is settled.
  package var message: HTTPMessage

  /// The recorded body while content and grammar faults edit it.
  package var content: EditedContent

  /// Where the offsets of the recording are in the message's body.
  package internal(set) var offsets: OffsetMap

  /// Whether the body is an event stream, so that it has events.
  package var isEventStream: Bool

  /// What a person should know of the plan.
  package var notes: [String]
}

extension Draft {
  /// Creates the draft that re-enacts a recording: its chunks, its times and its ending.
  package init(
    _ exchange: Exchange, events: [ServerSentEvent] = [], limitBytes: Int = PlanLimits.wireBytes
  ) {
    message = HTTPMessage(exchange)
    content = EditedContent(exchange.body, events: events, limitBytes: limitBytes)
    offsets = OffsetMap(identity: exchange.body.count)
    isEventStream = exchange.isEventStream
    notes = Self.notes(on: exchange)
  }

  private static func notes(on exchange: Exchange) -> [String] {
    var notes: [String] = []
    if exchange.head?.framing == .h2 { notes.append("recorded over HTTP/2, framed as chunked") }
    let how = exchange.ending.how
    if how == .malformed, let head = exchange.head, ![.chunked, .h2].contains(head.framing) {
      notes.append("recorded as malformed in another framing: framed as chunked to show it")
    }
    if how.unfitness != nil {
      notes.append("the recording was \(how.rawValue): it ends as a \(how.kind.rawValue)")
    }
    return notes
  }
}
