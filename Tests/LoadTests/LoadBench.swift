import Load
import Loading
import Synchronization

/// Orders that a test writes down.
struct ListedOrders: OrderSource {
  var places: Int?
  var orders: [StreamOrder]
  /// How many turns a conversation has, and how long its user thinks.
  var turns = 1
  var think: Int64 = 0
  private var index = 0

  init(_ orders: [StreamOrder], places: Int? = nil, turns: Int = 1, think: Int64 = 0) {
    self.orders = orders
    self.places = places
    self.turns = turns
    self.think = think
  }

  /// An open loop of streams that are due one after the other.
  static func every(_ milliseconds: Int64, count: Int, requests: Int = 1) -> Self {
    Self(
      (0..<count).map {
        StreamOrder(number: $0, due: Int64($0) * milliseconds * 1_000_000, request: $0 % requests)
      })
  }

  /// A closed loop.
  static func closed(_ places: Int, count: Int) -> Self {
    Self((0..<count).map { StreamOrder(number: $0, due: nil) }, places: places)
  }

  mutating func next() -> StreamOrder? {
    guard index < orders.count else { return nil }
    defer { index += 1 }
    return orders[index]
  }

  mutating func turn(after order: StreamOrder, endedAt end: Int64) -> StreamOrder? {
    guard order.turn < turns else { return nil }
    var next = order
    next.turn += 1
    next.due = end + think
    return next
  }
}

/// What a run of a test came to.
struct Loaded {
  var records: [StreamRecord]
  var outcome: LoadOutcome
  var progress: [LoadProgress]
}

/// Carries out a schedule against a port of this machine.
func load(
  _ port: Int, _ source: any OrderSource,
  _ requests: [LoadRequest] = [LoadRequest(method: "POST", target: "/v1/messages")],
  host: String = "127.0.0.1", stop: LoadStop = LoadStop(), stoppingAfter ended: Int = .max,
  _ configure: (inout LoadOptions) -> Void = { _ in }
) async throws -> Loaded {
  var options = LoadOptions()
  configure(&options)
  let records = Mutex<[StreamRecord]>([])
  let progress = Mutex<[LoadProgress]>([])
  let run = LoadRun(
    target: LoadTarget(host: host, port: port, authority: "\(host):\(port)"), requests: requests,
    options: options, meter: LoadMeter())
  let outcome = try await run.run(
    source, stop: stop, onRecord: { new in records.withLock { $0 += new } },
    onProgress: { new in
      progress.withLock { $0.append(new) }
      if new.ended >= ended { stop.set() }
    })
  return Loaded(
    records: records.withLock {
      $0.sorted { ($0.order.number, $0.order.turn) < ($1.order.number, $1.order.turn) }
    },
    outcome: outcome, progress: progress.withLock { $0 })
}
