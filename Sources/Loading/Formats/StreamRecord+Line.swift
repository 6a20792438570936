internal import LosslessJSON

extension StreamRecord {
  /// Adds the line that `--per-request` writes: one JSON object, in microseconds.
  ///
  /// First stand the moments, from the start of the run; behind what came, under the names that
  /// the summary has for them, the latencies, from when the stream was scheduled.
  package func appendLine(to output: inout [UInt8]) {
    JSONValue.object(whatWasAsked + whatCame + latencies).append(to: &output)
    output.append(UInt8(ascii: "\n"))
  }

  private var whatWasAsked: [JSONValue.Member] {
    [
      .init("number", .number(order.number)), .init("request", .number(order.request)),
      .init("conversation", .number(order.conversation)), .init("turn", .number(order.turn)),
      .init("warmup", .bool(order.isWarmup)), .init("due_us", Self.time(order.due)),
      .init("cancel_after_us", Self.time(order.cancelAfter)),
      .init("scheduled_us", Self.time(scheduled)), .init("dispatched_us", Self.time(dispatched)),
      .init("sent_us", Self.time(sent)),
    ]
  }

  private var whatCame: [JSONValue.Member] {
    [
      .init("first_byte_us", Self.time(firstByte)),
      .init("first_content_us", Self.time(firstContent)),
      .init("second_content_us", Self.time(secondContent)),
      .init("last_content_us", Self.time(lastContent)), .init("end_us", Self.time(end)),
      .init("outcome", .string(outcome.rawValue)), .init("status", Self.number(status)),
      .init("detail", detail.map(JSONValue.string) ?? .null), .init("events", .number(events)),
      .init("content_events", .number(contentEvents)), .init("bytes", .number(bytes)),
      .init("longest_gap_us", Self.time(longestGap)),
      .init("output_tokens", Self.number(outputTokens)),
      .init("verify", verification.map { .string($0.rawValue) } ?? .null),
      .init("latest_us", Self.time(latest)),
    ]
  }

  private var latencies: [JSONValue.Member] {
    func since(_ moment: Int64?) -> JSONValue {
      Self.time(moment.map { max($0.subtractingOrZero(scheduled), 0) })
    }
    return [
      .init("dispatch_us", since(dispatched)), .init("ttfb_us", since(firstByte)),
      .init("ttft_us", since(firstContent)), .init("second_us", since(secondContent)),
      .init("stream_us", since(end)),
    ]
  }

  private static func time(_ nanoseconds: Int64?) -> JSONValue {
    nanoseconds.map { .number(LoadNumber.exact($0)) } ?? .null
  }

  private static func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
}
