import Cassettes
import EventStream
import JSON
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
    let events = events(of: exchange)
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
      .init("events", .number(events.count)),
      .init("bytes", .number(exchange.body.count)),
      .init("first_byte_us", exchange.head.map { .number($0.at.count) } ?? .null),
      .init("duration_us", .number(exchange.ending.at.count)),
      .init("how", .string(exchange.ending.how.rawValue)),
    ]
    return .object(
      members + MessageJSON.members(of: ExchangeMessage(of: exchange, events: events)))
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

  /// One plan of `plan --json`, with what a right client must do.
  static func plan(_ plan: Plan, of exchange: Exchange, number: Int) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("exchange", .number(number)),
      .init("attempt", .number(plan.attempt)),
      .init("seed", .number(plan.seed)),
      .init("status", plan.status.map { .number($0) } ?? .null),
      .init("faults", .array(plan.faults.map(JSONValue.string))),
      .init("actions", .array(actions(of: plan))),
      .init("body_bytes", .number(plan.bodyBytes)),
      .init("body_sha256", .string(plan.bodySHA256)),
      .init("ending", .string(plan.ending.rawValue)),
      .init("expect", expectation(plan.expectation(for: exchange))),
    ]
    if !plan.notes.isEmpty {
      members.append(.init("notes", .array(plan.notes.map(JSONValue.string))))
    }
    return .object(members)
  }

  private static func expectation(_ expected: Plan.Expectation) -> JSONValue {
    .object([
      .init("outcome", .string(expected.outcome.rawValue)),
      .init("text", .string(expected.text)),
      .init("message", expected.message ?? .null),
      .init("why", .string(expected.why)),
    ])
  }

  private static func actions(of plan: Plan) -> [JSONValue] {
    plan.actions.map { action in
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
}
