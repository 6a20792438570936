import Cassettes
import Planning
import Testing

@Suite("A fault acts at a layer that the client's connection must have")
struct FaultLayerTests {
  private static let recording = PlanText.exchange(
    #"head@10 | [data: {}\n\n]@20 | [data: [1]\n\n]@30 | complete@40"#)

  private static let framed = ConnectionKind(name: "HTTP/2", layers: [.message, .tcp])

  private func message(
    _ fault: String, on connection: ConnectionKind
  ) throws -> PlannedMessage {
    var client = ClientTraits()
    client.connection = connection
    let options = PlanOptions(
      faults: [try FaultSpec(parsing: fault)], session: "t1", client: client)
    return try Planner().message(Self.recording, options)
  }

  private func refusal(_ fault: String, on connection: ConnectionKind) -> String? {
    do {
      _ = try message(fault, on: connection)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "each fault says which",
    arguments: [
      ("framing", FaultLayer.http1), ("bad-chunk", .http1), ("disconnect,mid-chunk", .http1),
      ("disconnect", .tcp), ("reset", .tcp), ("hang", .message), ("status", .message),
      ("rechunk", .message), ("drop", .message), ("interim", .message),
    ])
  func layers(fault: String, layer: FaultLayer) throws {
    let made = try FaultCatalogue.standard.fault(FaultSpec(parsing: fault))
    #expect(made.layer == layer)
  }

  @Test(
    "one that the connection does not have is an error that names the fault, the layer and both",
    arguments: ["framing:eof", "bad-chunk@event:2", "disconnect@event:2,mid-chunk"])
  func missing(fault: String) throws {
    let spec = try FaultSpec(parsing: fault)
    #expect(
      refusal(fault, on: Self.framed)
        == "\(spec) acts at the layer http1, which the client's connection does not have: it speaks "
        + "HTTP/2, so ask for a fault of the layer message or tcp")
    #expect(refusal(fault, on: .http11) == nil)
  }

  @Test(
    "all others are planned for it",
    arguments: ["reset@event:2", "disconnect@event:2", "hang@event:2", "drop", "gzip", "interim"])
  func present(fault: String) {
    #expect(refusal(fault, on: Self.framed) == nil)
  }

  @Test(
    "HTTP/1.0 has the layer http1, though no chunked coding to break",
    arguments: ["framing:length", "bad-chunk@event:2", "disconnect@event:2,mid-chunk"])
  func unchunked(fault: String) {
    #expect(refusal(fault, on: .http10) == nil)
  }

  @Test("one that chance draws and the connection does not have fires nothing")
  func drawn() throws {
    #expect(try message("chaos:1,from=framing", on: Self.framed).faults.isEmpty)
    #expect(try message("chaos:1,from=framing", on: .http11).faults.count == 1)
  }

  @Test("one that does not fire on this attempt is none")
  func otherAttempt() {
    #expect(refusal("bad-chunk,on=2", on: Self.framed) == nil)
  }
}
