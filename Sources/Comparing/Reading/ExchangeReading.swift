package import Cassettes
internal import Dialects
internal import EventStream
package import LosslessJSON
package import Planning

/// What of one exchange is compared, read once.
package struct ExchangeReading: Sendable {
  /// A type of events: what a user calls it.
  struct EventKind: Sendable {
    var name: String
    var shape: JSONShape
    /// The first event of it, from 1.
    var first: Int
  }

  /// The exchange.
  package let exchange: Exchange

  /// What the answer says.
  package let message: ExchangeMessage

  /// The types of events, in the order in which they came first.
  private(set) var kinds: [EventKind] = []

  /// The order of the types, each run of one type once, without what only keeps a stream alive.
  private(set) var order: [Int] = []

  /// How many events there are.
  package private(set) var events = 0

  /// When they came.
  package private(set) var times: StreamTimes

  /// The JSON of an answer that is one piece; nil where it is none, or has events.
  package private(set) var value: JSONValue?

  /// Whether the answer is one piece, without events.
  package private(set) var isWhole = false

  /// How many types are told apart, and how many runs of them are kept.
  private static let kindLimit = 500
  private static let orderLimit = 20_000

  /// How deeply JSON is read, which is as deeply as dialects do.
  private static let nesting = 512

  /// What in the events of an API is content, whatever its keys are.
  private static let opaque: Set = ["args", "arguments", "input", "metadata", "schema"]

  /// Reads an exchange.
  package init(of exchange: Exchange) {
    self.exchange = exchange
    message = ExchangeMessage(of: exchange)
    times = StreamTimes(arrivals: [], of: exchange)
    var kinds = EventKinds(message.dialect)
    var arrivals: [Microseconds] = []
    var chunk = 0
    let format = exchange.forEachEvent { event in
      kinds.take(event)
      while chunk < exchange.chunks.count, exchange.chunks[chunk].end <= event.dispatchOffset {
        chunk += 1
      }
      if chunk < exchange.chunks.count { arrivals.append(exchange.chunks[chunk].at) }
    }
    (self.kinds, order, events) = (kinds.kinds, kinds.order, kinds.count)
    isWhole = format == .whole
    if format != .eventStream { arrivals = exchange.chunks.map(\.at) }
    times = StreamTimes(arrivals: arrivals, of: exchange)
    guard isWhole, exchange.undecodedCoding == nil else { return }
    value = try? JSONValue(parsing: exchange.body, nesting: Self.nesting)
    if let value {
      var shape = JSONShape(opaque: Self.opaque)
      shape.add(value, event: 1)
      self.kinds = [EventKind(name: "body", shape: shape, first: 1)]
    }
  }

  /// Sorts the events of a stream by their types.
  private struct EventKinds {
    let dialect: any Dialect
    let opaque: Set<String>
    var kinds: [EventKind] = []
    var order: [Int] = []
    var count = 0
    private var places: [String: Int] = [:]

    init(_ dialect: any Dialect) {
      self.dialect = dialect
      // Of a stream that nobody knows, nothing is known to be content.
      let isKnown = DialectCatalogue.standard.dialects.contains { $0.name == dialect.name }
      opaque = isKnown ? ExchangeReading.opaque : []
    }

    mutating func take(_ event: ServerSentEvent) {
      count += 1
      guard let place = place(of: dialect.name(of: event)) else { return }
      let isAlive = kinds[place].name == "ping"
      if !isAlive, order.last != place, order.count < ExchangeReading.orderLimit {
        order.append(place)
      }
      if let value = try? JSONValue(parsing: event.data, nesting: ExchangeReading.nesting) {
        kinds[place].shape.add(value, event: count)
      } else {
        kinds[place].shape.addText(event.data, event: count)
      }
    }

    private mutating func place(of name: String) -> Int? {
      if let place = places[name] { return place }
      guard kinds.count < ExchangeReading.kindLimit else { return nil }
      let kind = EventKind(
        name: String(name.prefix(100)), shape: JSONShape(opaque: opaque), first: count)
      kinds.append(kind)
      places[name] = kinds.count - 1
      return kinds.count - 1
    }
  }
}
