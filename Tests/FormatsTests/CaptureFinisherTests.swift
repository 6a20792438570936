import Cassettes
import Formats
import HTTP
import Testing

@Suite("Finishing captures")
struct CaptureFinisherTests {
  private static let stream = Array("data: {\"a\":1}\n\ndata: {\"b\":2}\n\n".utf8)

  private static func capture() -> Capture {
    var capture = Capture(
      .init(method: "POST", url: "https://api.example.com/v1/messages", body: Array("{}".utf8)))
    capture.status = 200
    capture.headers = [HeaderField("content-type", "text/event-stream")]
    capture.body = stream
    return capture
  }

  @Test("Times that nobody knows are made by the pace, one event a chunk")
  func madeTimes() throws {
    let finished = try CaptureFinisher().exchange(of: Self.capture(), format: "test")
    #expect(finished.exchange.request.timing == .synthetic)
    #expect(finished.exchange.chunks.map(\.at.count) == [300_000, 320_000])
    #expect(finished.exchange.chunks.map(\.end) == [15, 30])
    #expect(finished.exchange.request.target == "/v1/messages")
    #expect(!finished.knowsFraming)
  }

  @Test("Arrivals stay as they were recorded")
  func arrivals() throws {
    var capture = Self.capture()
    let chunks = [
      Chunk(end: 4, at: Microseconds(saturating: 7)),
      Chunk(end: 30, at: Microseconds(saturating: 9)),
    ]
    capture.times = .arrivals(
      chunks, head: Microseconds(saturating: 5), end: Microseconds(saturating: 12))
    let exchange = try CaptureFinisher().exchange(of: capture, format: "test").exchange
    #expect(exchange.request.timing == .recorded)
    #expect(exchange.chunks == chunks)
    #expect(exchange.ending.at.count == 12)
  }

  @Test("A text with a placeholder stands as the URL, and is matched by its path")
  func placeholder() throws {
    var capture = Self.capture()
    capture.request.url = "<API_BASE>/v1/messages"
    let finished = try CaptureFinisher().exchange(of: capture, format: "test")
    #expect(finished.exchange.request.url == "<API_BASE>/v1/messages")
    #expect(finished.exchange.request.target == "/v1/messages")
    #expect(finished.losses.count == 1)
  }

  @Test("A body without a status is said with its line")
  func bodyAlone() {
    var capture = Capture(line: 7)
    capture.body = [0x61]
    #expect {
      try CaptureFinisher().exchange(of: capture, format: "test")
    } throws: { ($0 as? ImportError)?.line == 7 }
  }
}
