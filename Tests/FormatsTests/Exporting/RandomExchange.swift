import Cassettes
import HTTP
import LosslessJSON
import TestSupport

/// Exchanges of every kind, the same for the same seed.
struct RandomExchange {
  private var numbers: SeededGenerator

  init(seed: UInt64) { numbers = SeededGenerator(seed) }

  /// Some exchanges.
  mutating func some() -> [Exchange] {
    (0..<Int.random(in: 1...4, using: &numbers)).map { one(number: $0) }
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &numbers) < percent
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &numbers)]
  }

  private mutating func one(number: Int) -> Exchange {
    var exchange = Exchange(request: request(number: number), ending: Ending(how: .complete))
    if chance(10) {
      exchange.ending = pick([
        Ending(how: .unreachable, stage: .dns), Ending(how: .unreachable, stage: .connect),
        Ending(how: .unreachable, stage: .tls), Ending(how: .unreachable, stage: .request),
        Ending(how: .timeout, detail: "nothing came"), Ending(how: .reset),
      ])
      exchange.ending.at = Microseconds(saturating: 7_000)
      return exchange
    }
    let body = self.body()
    exchange.head = head(body)
    var now = exchange.head?.at ?? .zero
    for piece in cut(body) {
      now = now + Microseconds(saturating: Int64.random(in: 0...90_001, using: &numbers))
      exchange.append(chunk: piece, at: now)
    }
    finish(&exchange, at: now + Microseconds(saturating: 17))
    return exchange
  }

  private mutating func finish(_ exchange: inout Exchange, at end: Microseconds) {
    let hows: [Ending.How] = [
      .truncated, .reset, .timeout, .malformed, .cancelled, .interrupted,
    ]
    exchange.ending.at = end
    if chance(25) { exchange.ending.how = pick(hows) }
    if chance(10) { exchange.ending.detail = "the server left" }
    if chance(10) { exchange.ending.curlCode = 18 }
    if chance(10) { exchange.ending.extra = [.init("later", .bool(true))] }
    if chance(10) {
      exchange.trailers = Trailers(fields: [HeaderField("x-checksum", "a1")], at: end)
    }
    if chance(10) {
      exchange.asides = [Aside(code: "m", data: .string("paused"), place: 2, at: end)]
    }
  }

  private mutating func request(number: Int) -> RecordedRequest {
    var request = RecordedRequest(
      id: "00000000000000a\(number)", at: "2026-11-22T11:0\(number):00.123456Z",
      by: "tapedeck 0.1.0", method: pick(["POST", "GET", "PUT"]))
    if chance(10) { request.timing = .synthetic }
    if chance(80) { request.url = "https://api.example.com/v1/messages?beta=\(number)&x=%20y" }
    if request.url == nil || chance(10) { request.path = "/other/path?q=1" }
    request.headers = [
      HeaderField("Content-Type", "application/json"), HeaderField("x-odd", "caf\u{E9} \u{FF}"),
    ]
    if chance(20) { request.headers.append(HeaderField("content-type", "text/plain")) }
    if chance(20) { request.headers += [HeaderField("x-b", "1"), HeaderField("x-odd", "no: 'x'")] }
    request.body = pick([
      [], Array(#"{"model":"m","messages":[]}"#.utf8), [0, 0xFF, 0xC3, 0x28], Array("a\n b".utf8),
    ])
    if chance(10) { request.extra = [.init("note", .object([.init("n", .number("1.50"))]))] }
    return request
  }

  private mutating func head(_ body: [UInt8]) -> ResponseHead {
    let http = pick(["1.1", "1.1", "2", "1.0"])
    var head = ResponseHead(
      status: pick([200, 200, 200, 404, 529]), http: http,
      framing: pick([.chunked, .eof, .h2, .length(Int64(body.count)), .length(3)]),
      headers: [HeaderField("X-Id", "7"), HeaderField("X-Multi", "a=b")],
      at: Microseconds(saturating: Int64.random(in: 1...400_000, using: &numbers)))
    if chance(80) { head.headers.append(HeaderField("content-type", "text/event-stream")) }
    if head.framing == .chunked { head.headers.append(HeaderField("transfer-encoding", "chunked")) }
    if case .length(let length) = head.framing {
      head.headers.append(HeaderField("Content-Length", "\(length)"))
    }
    if chance(20) { head.headers.append(HeaderField("x-multi", "c=d")) }
    if chance(20) {
      head.headers.append(HeaderField("content-encoding", "gzip"))
      head.decoded = "gzip"
    }
    if chance(10) { head.extra = [.init("later", .null)] }
    return head
  }

  private mutating func body() -> [UInt8] {
    let stream =
      "event: a\ndata: {\"text\":\"Grüße, 世界 🎉\"}\n\nid: 7\ndata: 1\ndata: 2\n\n: ping\n\ndata: é\n\n"
    let texts = [
      stream, stream, "data: \r\n\r\n", "  two spaces\n\tand a tab \n\n \n", "", "no",
      "\u{FEFF}data: \u{85}\u{2028}\u{7F}\u{0} \"quoted\" \\ back\n\n", "{\"a\": 1}", "- x: y # z",
    ]
    return chance(15) ? [0xFF, 0, 0xC3, 0x28, 10, 13] : Array(pick(texts).utf8)
  }

  /// Pieces of bytes, cut anywhere: in the middle of a character too.
  private mutating func cut(_ body: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < body.count {
      let end = min(body.count, start + Int.random(in: 1...20, using: &numbers))
      pieces.append(Array(body[start..<end]))
      start = end
    }
    return pieces
  }
}
