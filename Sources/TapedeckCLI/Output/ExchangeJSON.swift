import Cassettes
import Dialects
import EventStream
import LosslessJSON
import Planning

/// What machines read of exchanges, events and plans.
enum ExchangeJSON {
  /// The events that the WHATWG rules dispatch of a body.
  static func events(of exchange: Exchange) -> [ServerSentEvent] {
    EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end)).events
  }

  /// One exchange of `show --json`.
  static func summary(of exchange: Exchange, number: Int) -> JSONValue {
    let request = exchange.request
    let members: [JSONValue.Member] = [
      .init("exchange", .number(number)),
      .init("id", .string(request.id)),
      .init("at", .string(request.at)),
      .init("timing", .string(request.timing.rawValue)),
      .init("method", .string(request.method)),
      .init("url", request.url.map(JSONValue.string) ?? .null),
      .init("path", .string(request.target)),
      .init("status", exchange.head.map { .number($0.status) } ?? .null),
      .init("chunks", .number(exchange.chunks.count)),
      .init("events", .number(EventIndex.count(of: exchange.body))),
      .init("bytes", .number(exchange.body.count)),
      .init("first_byte_us", exchange.head.map { .number($0.at.count) } ?? .null),
      .init("duration_us", .number(exchange.ending.at.count)),
      .init("how", .string(exchange.ending.how.rawValue)),
    ]
    return .object(
      members + MessageJSON.members(of: ExchangeMessage(of: exchange)))
  }

  /// One event of `show --events --json`.
  static func event(
    _ event: ServerSentEvent, number: Int, of exchange: Exchange, _ exchangeNumber: Int
  ) -> JSONValue {
    .object([
      .init("exchange", .number(exchangeNumber)),
      .init("event", .number(number)),
      .init("at_us", .number(exchange.chunks[event.chunk].at.count)),
      .init("type", .string(event.type)),
      .init("data", .string(event.data)),
      .init("id", .string(event.lastEventID)),
    ])
  }

  /// Writes one plan of `plan --json`, with what a right client must do, as a line; the actions,
  /// which may be very many, one after the other.
  static func write(
    _ plan: Plan, of exchange: Exchange, number: Int, to write: ([UInt8]) -> Void
  ) {
    let front: [JSONValue.Member] = [
      .init("exchange", .number(number)),
      .init("attempt", .number(plan.attempt)),
      .init("seed", .number(plan.seed)),
      .init("status", plan.status.map { .number($0) } ?? .null),
      .init("faults", .array(plan.faults.map(JSONValue.string))),
    ]
    var back: [JSONValue.Member] = [
      .init("body_bytes", .number(plan.bodyBytes)),
      .init("body_sha256", .string(plan.bodySHA256)),
      .init("ending", .string(plan.ending.rawValue)),
      .init("expect", expectation(plan.expectation(for: exchange))),
    ]
    if !plan.notes.isEmpty {
      back.append(.init("notes", .array(plan.notes.map(JSONValue.string))))
    }
    write(JSONValue.object(front).bytes.dropLast() + Array(#","actions":["#.utf8))
    var bytes: [UInt8] = []
    for (index, action) in plan.actions.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += member(of: action).bytes
      guard bytes.count > 64 << 10 else { continue }
      write(bytes)
      bytes = []
    }
    write(bytes + Array("],".utf8) + JSONValue.object(back).bytes.dropFirst() + [0x0A])
  }

  private static func expectation(_ expected: Plan.Expectation) -> JSONValue {
    .object([
      .init("outcome", .string(expected.outcome.rawValue)),
      .init("text", .string(expected.text)),
      .init("message", expected.message ?? .null),
      .init("why", .string(expected.why)),
    ])
  }

  private static func member(of action: Plan.Action) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("at_us", .number(action.at.count)),
      .init("do", .string(action.kind.rawValue)),
    ]
    switch action.kind {
    case .head: members.append(.init("bytes", .number(action.wireEnd)))
    case .send: members.append(.init("bytes", .number(action.body.count)))
    case .finish: break
    }
    return .object(members)
  }
}

/// What machines read of the message that an answer adds up to.
enum MessageJSON {
  /// The members that `show --json` has of it: `why` where the message is not whole, and `problems`
  /// where there were any.
  static func members(of message: ExchangeMessage) -> [JSONValue.Member] {
    let accumulator = message.accumulator
    let reason = message.completeness.reason
    var members: [JSONValue.Member] = [
      .init("dialect", .string(message.dialect.name)),
      .init("stop_reason", accumulator.stopReason.map(JSONValue.string) ?? .null),
      .init("usage", accumulator.usage ?? .null),
      .init("complete", .bool(reason == nil)),
    ]
    if let reason { members.append(.init("why", .string(reason))) }
    let log = accumulator.log
    if log.problemCount > 0 {
      members.append(.init("problem_count", .number(log.problemCount)))
      members.append(.init("problems", .array(log.problems.map(problem))))
    }
    return members
  }

  private static func problem(_ problem: MessageLog.Problem) -> JSONValue {
    .object([
      .init("event", problem.event > 0 ? .number(problem.event) : .null),
      .init("what", .string(problem.text)), .init("breaking", .bool(problem.isBreaking)),
    ])
  }
}
