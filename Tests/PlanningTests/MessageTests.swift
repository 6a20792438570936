import Cassettes
import HTTP
import Planning
import Testing

@Suite("A plan is a message until an encoder makes wire bytes of it")
struct MessageTests {
  static let recording = PlanText.exchange(
    #"head@10 | [data: {}\n\n]@20 | [data: [1]\n\n]@30 | complete@40"#)

  private func planned(
    _ faults: [String], of exchange: Exchange = recording, client: ClientTraits = ClientTraits()
  ) throws -> PlannedMessage {
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    return try Planner().message(exchange, PlanOptions(faults: specs, client: client))
  }

  @Test("it has a head, data with times, trailers and an ending, and nothing of the wire")
  func parts() throws {
    var exchange = Self.recording
    exchange.trailers = Trailers(fields: [HeaderField("x-sum", "1")], at: .zero)
    let message = try planned([], of: exchange).message
    #expect(message.status == 200)
    #expect(message.headers == [HeaderField("content-type", "text/event-stream")])
    #expect(message.headAt == Microseconds(10))
    #expect(message.body == exchange.body)
    #expect(message.chunks.map(\.at) == [Microseconds(20), Microseconds(30)])
    #expect(message.trailers == [HeaderField("x-sum", "1")])
    #expect((message.end, message.endAt) == (.complete, Microseconds(40)))
  }

  @Test("answers before the answer are heads of their own")
  func interim() throws {
    let interim = try planned(["interim"]).message.interim
    #expect(interim.map(\.status) == [100, 103])
    #expect(interim.last?.headers == [HeaderField("link", "</>; rel=preconnect")])
  }

  @Test(
    "a fault that ends it says of which kind the ending is",
    arguments: [
      ("disconnect@event:2", Ending.Kind.disconnect), ("reset@event:2", .reset),
      ("hang@event:2", .hang), ("end@event:2", .complete), ("bad-chunk@event:2", .malformed),
    ])
  func endings(fault: String, kind: Ending.Kind) throws {
    let message = try planned([fault]).message
    #expect(message.end == kind)
    #expect(String(decoding: message.body, as: UTF8.self) == "data: {}\n\n")
  }

  @Test("one message becomes other bytes for another client")
  func encoders() throws {
    let planned = try planned([])
    let chunked = HTTP1Encoder(for: ClientTraits()).plan(planned)
    #expect(PlanText.framed(chunked).hasSuffix(#"\r\n0\r\n\r\n"#))
    let plain = HTTP1Encoder(for: ClientTraits(speaksHTTP10: true)).plan(planned)
    #expect(PlanText.framed(plain) == #"data: {}\n\ndata: [1]\n\n"#)
    #expect((chunked.bodySHA256, chunked.ending) == (plain.bodySHA256, plain.ending))
    #expect(PlanText.line(chunked) == PlanText.line(plain))
  }

  @Test(
    "every way in which a recording ended has a kind that re-enacts it",
    arguments: zip(
      Ending.How.allCases,
      [.complete, .disconnect, .reset, .hang, .reset, .malformed, .disconnect, .disconnect]
        as [Ending.Kind]))
  func kinds(how: Ending.How, kind: Ending.Kind) {
    #expect(how.kind == kind)
    #expect(kind.behindBytes == (kind == .malformed ? .disconnect : kind))
  }
}
