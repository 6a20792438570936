import Cassettes
import HTTP
import Planning
import TestSupport
import Testing

@Suite("Planning takes time in proportion to the recording, whatever it holds")
struct PlanScaleTests {
  private static func exchange(_ event: String, count: Int) -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e66", at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://api.example.com/v1/messages"),
      head: ResponseHead(
        status: 200, framing: .chunked, headers: [HeaderField("content-type", "text/event-stream")],
        at: Microseconds(saturating: 1000)),
      ending: Ending(how: .complete, at: Microseconds(saturating: 1_000_000)))
    for index in 0..<count {
      exchange.append(chunk: Array(event.utf8), at: Microseconds(saturating: Int64(index + 2)))
    }
    return exchange
  }

  /// The least time of two, as another process may have emptied the caches of one of them.
  private static func time(_ exchange: Exchange, _ faults: [FaultSpec]) throws -> Duration {
    try (0..<2).map { _ in
      try processorTime { _ = try Planner().plan(exchange, PlanOptions(faults: faults)) }
    }.min() ?? .zero
  }

  @Test(
    "sixteen times the events need some sixteen times the time",
    arguments: [["drop-terminal"], ["duplicate@event:1", "drop-terminal"], ["comment", "gzip"]])
  func linear(faults: [String]) throws {
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    let event = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
    let few = try Self.time(Self.exchange(event, count: 2000), specs)
    let many = try Self.time(Self.exchange(event, count: 32_000), specs)
    #expect(many < few * 48)
  }
}
