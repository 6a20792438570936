import Cassettes
import Dialects
import LosslessJSON
import Planning

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
