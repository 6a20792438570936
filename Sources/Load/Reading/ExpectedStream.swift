internal import Cassettes
internal import Dialects
internal import EventStream
internal import HTTP
internal import Planning

/// What a recorded answer leads a reader to expect, worked out once for all streams.
///
/// As long as the bytes of an answer equal the recording, its events need not be parsed: the tables
/// say where they end and which of them bring content.
final class ExpectedStream: Sendable {
  /// The recorded body, and whether its head says that it is an event stream.
  let body: [UInt8]
  let isEventStream: Bool
  /// For each event, how many bytes of the body have come when it is dispatched.
  let ends: [Int]
  /// For each event, whether the model says something in it.
  let hasContent: [Bool]
  /// For each event, when it is planned, in nanoseconds from the request's arrival; empty where
  /// that is not known.
  let offsets: [Int64]
  /// What the events mean.
  let dialect: any Dialect
  /// The message that they add up to.
  let message: MessageAccumulator
  /// Its text, as the events brought it.
  let streamed: [UInt8]
  /// What the whole recording is: `complete`, or why a client does not take it for whole.
  let completeness: Completeness

  /// - Parameters:
  ///   - exchange: the recording.
  ///   - pace: how the server plays it, where that is known.
  init(_ exchange: Exchange, pace: Pace?) {
    body = exchange.body
    isEventStream = exchange.isEventStream
    let read = ExchangeMessage(of: exchange)
    dialect = read.dialect
    message = read.accumulator
    completeness = read.completeness
    var watch = EventWatch(
      target: exchange.request.target, dialect: read.dialect, keepsMessage: true)
    let events = exchange.isEventStream ? EventIndex(body: exchange.body, chunkEnds: []).events : []
    let ends = events.map { $0.dispatchOffset + 1 }
    self.ends = ends
    hasContent = events.map { watch.take($0) }
    streamed = watch.streamed
    offsets = pace.map { Self.offsets(of: ends, exchange, $0) } ?? []
  }

  /// When each event is planned; nothing where chance has a say, which depends on the session.
  private static func offsets(of ends: [Int], _ exchange: Exchange, _ pace: Pace) -> [Int64] {
    guard !pace.drawsChance, !ends.isEmpty,
      let plan = try? Planner().plan(exchange, PlanOptions(pace: pace)), plan.status != nil
    else { return [] }
    var offsets: [Int64] = []
    offsets.reserveCapacity(ends.count)
    var bodyBytes = 0
    for action in plan.actions {
      bodyBytes += action.body.count
      while offsets.count < ends.count, ends[offsets.count] <= bodyBytes {
        offsets.append(action.at.count * 1000)
      }
    }
    return offsets.count == ends.count ? offsets : []
  }
}
