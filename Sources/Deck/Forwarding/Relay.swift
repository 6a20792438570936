internal import Cassettes
internal import EventStream
internal import HTTP
internal import Planning
internal import Recorder

/// An answer that is relayed while it comes: what happened upstream in, what to write out.
struct Relay {
  /// How the answer ends.
  enum End {
    /// Like this, behind the last bytes.
    case ending(Plan.Ending)
    /// With an error of the deck's own: no head came, and there is nothing to relay.
    case refusal(DeckRefusal)
  }

  /// What is to be done.
  struct Step {
    /// What goes out, possibly nothing.
    var bytes: [UInt8] = []
    /// How the answer ends behind it, or nil while it goes on.
    var end: End?
  }

  /// How much of the body a place in the wire stands behind.
  private struct Mark: Equatable {
    var wireBytes = 0
    var bodyBytes = 0
    var events = 0
  }

  /// What was asked.
  let order: ForwardOrder

  private var framing: RelayFraming?
  private var trailers: [HeaderField] = []
  private var parser: EventStreamParser?
  /// One for each write that may not have reached the client whole.
  private var marks = [Mark()]

  /// What came from upstream as the head, or nothing before it did.
  private(set) var head = AnswerHead()

  /// The status code that came from upstream, or nil before it did.
  var status: Int? { head.status }

  init(_ order: ForwardOrder) {
    self.order = order
  }

  /// Whether the connection cannot serve another request after this answer.
  var closes: Bool { framing?.closes ?? order.client.client.closes }

  /// Takes in what happened.
  mutating func take(_ events: [RecordingEvent]) -> Step {
    var wire: [UInt8] = []
    var mark = marks.last ?? Mark()
    defer {
      mark.wireBytes += wire.count
      // Ticks come for as long as an upstream is silent.
      if mark != marks.last { marks.append(mark) }
    }
    for event in events {
      switch event {
      case .head(let head): wire += begin(head)
      case .chunk(let bytes, _):
        framing?.chunk(bytes, to: &wire)
        mark.bodyBytes += bytes.count
        parser?.parse(bytes) { _ in mark.events += 1 }
      case .trailers(let trailers): self.trailers = trailers.fields
      case .ended(let ending, let failure):
        guard let framing else { return Self.end(ending, withoutHead: failure) }
        let end = framing.end(ending, trailers: trailers)
        wire += end.bytes
        return Step(bytes: wire, end: .ending(end.ending))
      case .sent, .marker, .tick: break
      }
    }
    return Step(bytes: wire)
  }

  /// Forgets what is known of bytes that the client's connection has taken.
  mutating func note(sentWireBytes: Int) {
    let sent = marks.lastIndex { $0.wireBytes <= sentWireBytes } ?? 0
    marks.removeFirst(sent)
  }

  private mutating func begin(_ head: ResponseHead) -> [UInt8] {
    let framing = RelayFraming(head, to: order.recorded, client: order.client.client)
    self.framing = framing
    self.head = AnswerHead(status: head.status, advice: RetryAdvice(head.headers))
    let exchange = Exchange(
      request: order.recorded, head: head, ending: Ending(how: .interrupted))
    if exchange.isEventStream { parser = EventStreamParser() }
    return framing.head
  }

  /// What a client gets where no head came: what a connection of its own would have shown it, or
  /// else why there is nothing to show.
  private static func end(_ ending: Ending, withoutHead failure: RecordingFailure?) -> Step {
    let reason = ending.detail ?? ending.how.rawValue
    switch failure {
    case .reset: return Step(end: .ending(.reset))
    case .closed, .cut: return Step(end: .ending(.disconnect))
    case .silence:
      return Step(
        end: .refusal(
          DeckRefusal(status: 504, "the upstream did not answer: \(reason)", mayRetry: true)))
    case .unresolved, .unconnected, .handshake, .notHTTP, .malformed, .oversized, .own, nil:
      return Step(
        end: .refusal(
          DeckRefusal(status: 502, "the upstream gave no answer: \(reason)", mayRetry: true)))
    }
  }
}

extension Relay {
  /// Forgets the same of everything that came.
  mutating func noteAllSent() { marks.removeFirst(marks.count - 1) }

  /// What a client has with so many bytes of the wire: body bytes, and events that are whole.
  func delivered(wireBytes: Int) -> (bytes: Int, events: Int) {
    let mark = marks.last { $0.wireBytes <= wireBytes } ?? Mark()
    return (mark.bodyBytes, mark.events)
  }
}
