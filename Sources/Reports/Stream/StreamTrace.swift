package import Cassettes
internal import Dialects
internal import EventStream
package import Planning

/// What a picture shows of one stream: when bytes came, what events they were, and the text as it
/// grew.
package struct StreamTrace: Sendable {
  /// Some bytes that came at once.
  struct Arrival {
    var at: Microseconds
    var bytes: Int
  }

  /// An event, at the time of the chunk that completed it.
  struct Event {
    var at: Microseconds
    var name: String
    var bytes: Int
    /// How long the text is with it.
    var textEnd: Int
  }

  /// A fault of a plan, and the time at which the body has come to its place.
  struct Fault {
    var at: Microseconds
    var byte: Int?
    var name: String
  }

  /// The most events whose data a page shows.
  static let rowLimit = 400
  private static let dataLimit = 160

  private(set) var arrivals: [Arrival] = []
  private(set) var events: [Event] = []
  /// The data of the first events.
  private(set) var data: [String] = []
  private(set) var text: [UInt8] = []
  private(set) var faults: [Fault] = []
  /// When the head came, or nil where none did.
  private(set) var head: Microseconds?
  private(set) var status: Int?
  private(set) var end: Microseconds
  /// How it ended, in one word, and whether that is well.
  private(set) var ended: String
  private(set) var endsWell: Bool
  private(set) var bytes: Int
  private(set) var dialect: String

  /// What was recorded.
  package init(_ exchange: Exchange) {
    head = exchange.head?.at
    status = exchange.head?.status
    end = exchange.ending.at
    ended = exchange.ending.how.rawValue
    bytes = exchange.body.count
    let message = ExchangeMessage(of: exchange)
    let dialect = message.dialect
    endsWell = exchange.ending.how == .complete && message.completeness.reason == nil
    self.dialect = dialect.name
    read(exchange.body, exchange.chunks, dialect)
  }

  /// What a plan sends, of which a client can know so much.
  package init(_ plan: Plan, of exchange: Exchange, outcome: Plan.Expectation.Outcome) {
    head = plan.actions.first { $0.kind == .head }?.at
    status = plan.status
    end = plan.actions.last?.at ?? .zero
    ended = plan.ending.rawValue
    endsWell = plan.ending == .complete && outcome != .breaking
    bytes = plan.bodyBytes
    let dialect = ExchangeMessage(of: exchange).dialect
    self.dialect = dialect.name
    var body: [UInt8] = []
    var chunks: [Chunk] = []
    for action in plan.actions where !action.body.isEmpty {
      body += plan.wire[action.body]
      chunks.append(Chunk(end: body.count, at: action.at))
    }
    read(body, chunks, dialect)
    faults = plan.firedFaults.map { fault in
      Fault(at: time(of: fault, chunks), byte: fault.byte, name: fault.asked.description)
    }
  }

  /// When a fault acts: with the byte at its place, or where it keeps that back, with the one
  /// before.
  private func time(of fault: FiredFault, _ chunks: [Chunk]) -> Microseconds {
    guard let byte = fault.byte else { return head ?? .zero }
    guard fault.reach.silence == .none else {
      return chunks.last { $0.end <= byte }?.at ?? head ?? .zero
    }
    return chunks.first { $0.end > byte }?.at ?? end
  }

  private mutating func read(_ body: [UInt8], _ chunks: [Chunk], _ dialect: any Dialect) {
    var start = 0
    for chunk in chunks {
      arrivals.append(Arrival(at: chunk.at, bytes: chunk.end - start))
      start = chunk.end
    }
    var message = MessageAccumulator(dialect)
    for event in EventIndex(body: body, chunkEnds: chunks.map(\.end)).events {
      text += message.take(event)
      if events.count < Self.rowLimit {
        data.append(Markup.visible(event.data, limit: Self.dataLimit))
      }
      let name = event.type == "message" ? dialect.name(of: event) : event.type
      let at = event.chunk < chunks.count ? chunks[event.chunk].at : end
      events.append(
        Event(at: at, name: name, bytes: event.block.count, textEnd: text.count))
    }
  }

  /// Every time that a picture has to have room for.
  var times: [Microseconds] {
    arrivals.map(\.at) + faults.map(\.at) + [end] + (head.map { [$0] } ?? [])
  }

  /// How long the text was at a time, in bytes.
  func textLength(at time: Microseconds) -> Int {
    events.last { $0.at <= time }?.textEnd ?? 0
  }
}
